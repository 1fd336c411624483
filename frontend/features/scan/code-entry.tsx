"use client";

import { ArrowRight } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { chargerCode } from "@/features/scan/charger-code";
import { useOwnOrigins } from "@/features/scan/use-own-origins";

/** The code on a charger, typed. */
export function CodeEntry({ onCode }: { onCode: (code: string) => void }) {
  const t = useTranslations("driver.scan");
  const ownOrigins = useOwnOrigins();
  const [text, setText] = useState("");
  const [isForeign, setIsForeign] = useState(false);
  const go = (event: FormEvent) => {
    event.preventDefault();
    const code = chargerCode(text, ownOrigins());
    if (code === null) setIsForeign(text.trim() !== "");
    else onCode(code);
  };
  return (
    <form onSubmit={go} className="card p-4">
      <Field label={t("type")} hint={t("typeHint")} error={isForeign ? t("foreign") : undefined}>
        {(control) => (
          <Input
            {...control}
            autoCapitalize="characters"
            autoComplete="off"
            spellCheck={false}
            enterKeyHint="go"
            className="h-13 font-mono text-lg"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setIsForeign(false);
            }}
          />
        )}
      </Field>
      <Button type="submit" size="large" className="mt-3 w-full">
        {t("go")}
        <ArrowRight aria-hidden />
      </Button>
    </form>
  );
}
