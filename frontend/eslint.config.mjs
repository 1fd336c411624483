import nextVitals from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";

const rules = {
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
  "react/jsx-no-literals": "off",
  eqeqeq: "error",
  "no-console": "error",
  "max-lines": ["error", 320],
};

const config = [
  { ignores: [".next/**", "out/**", "next-env.d.ts", "api/schema.d.ts"] },
  ...nextVitals,
  ...nextTypescript,
  { rules },
  { files: ["scripts/**"], rules: { "no-console": "off" } },
];

export default config;
