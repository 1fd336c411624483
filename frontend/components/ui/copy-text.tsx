"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";

/** A text that is meant to be carried elsewhere, with a button that does so. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const t = useTranslations("ui");
  const [isCopied, setIsCopied] = useState(false);
  // Browsers lend the clipboard to https and localhost only; elsewhere the text can be marked.
  const canCopy = typeof window !== "undefined" && window.isSecureContext;
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => setIsCopied(true));
  };
  return (
    <div>
      <p className="mb-1 text-[0.8125rem] font-medium">{label}</p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 rounded-lg bg-sunken px-3 py-2 font-mono text-[0.8125rem] break-all">
          {text}
        </code>
        {canCopy ? (
          <Button size="icon" onClick={copy} aria-label={`${t("copy")}: ${label}`}>
            {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
