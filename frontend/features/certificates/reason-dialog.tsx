"use client";

import type { UseMutationResult } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

interface ReasonProps<Answer> {
  title: string;
  text: string;
  action: string;
  change: UseMutationResult<Answer, Error, { id: number; reason: string }>;
  id: number;
  onClose: () => void;
}

/** Asks for the reason that goes on record with what cannot be undone. */
export function ReasonDialog<Answer>({ title, text, action, change, id, onClose }: ReasonProps<Answer>) {
  const t = useTranslations("certificates");
  const [reason, setReason] = useState("");
  return (
    <ConfirmDialog
      isOpen
      title={title}
      text={text}
      action={action}
      isBusy={change.isPending}
      error={change.error}
      onConfirm={() => {
        if (reason.trim()) change.mutate({ id, reason: reason.trim() }, { onSuccess: onClose });
      }}
      onClose={onClose}
    >
      <Field label={t("reason")}>
        {(control) => (
          <Input {...control} value={reason} maxLength={300} onChange={(event) => setReason(event.target.value)} required />
        )}
      </Field>
    </ConfirmDialog>
  );
}
