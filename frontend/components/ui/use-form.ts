import { useState } from "react";

/** Values of a form by name, and the props that tie one to a control. */
export function useForm<Values extends Record<string, string | boolean>>(initial: Values) {
  const [values, setValues] = useState(initial);
  const set = (changes: Partial<Values>) => setValues((before) => ({ ...before, ...changes }));
  const text = (name: keyof Values & string) => ({
    value: String(values[name]),
    onChange: (event: { target: { value: string } }) =>
      set({ [name]: event.target.value } as Partial<Values>),
  });
  const check = (name: keyof Values & string) => ({
    checked: values[name] === true,
    onChange: (event: { target: { checked: boolean } }) =>
      set({ [name]: event.target.checked } as Partial<Values>),
  });
  return { values, set, text, check };
}
