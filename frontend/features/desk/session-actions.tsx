"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { api, unwrap } from "@/api/client";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/input";
import { ErrorLine, useErrorText } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";

function useSessionChange<Input>(change: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => {
      for (const subject of ["desk", "transactions", "overview"]) {
        void queries.invalidateQueries({ queryKey: [subject] });
      }
    },
  });
}

/** Ends a session without its charger, with a reason that is kept. */
export function CloseSessionButton({ transactionId }: { transactionId: number }) {
  const t = useTranslations("pending");
  const ui = useTranslations("ui");
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const close = useSessionChange((said: string) =>
    unwrap(
      api.POST("/api/admin/transactions/{transaction_id}/close", {
        params: { path: { transaction_id: transactionId } },
        body: { reason: said },
      }),
    ),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    close.mutate(reason, { onSuccess: () => setIsOpen(false) });
  };
  return (
    <>
      <Button size="small" onClick={() => setIsOpen(true)}>
        {t("closeSession")}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        title={t("closeTitle", { id: String(transactionId) })}
        description={t("closeHint")}
      >
        <form onSubmit={submit}>
          <Field label={t("reason")}>
            {(control) => (
              <TextArea {...control} required value={reason} onChange={(event) => setReason(event.target.value)} />
            )}
          </Field>
          <ErrorLine error={close.error} />
          <DialogActions>
            <Button onClick={() => setIsOpen(false)}>{ui("cancel")}</Button>
            <Button type="submit" look="danger" isBusy={close.isPending}>
              {t("closeSession")}
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  );
}

/** Asks the charger to end a session. */
export function StopSessionButton({ transactionId }: { transactionId: number }) {
  const t = useTranslations("pending");
  const describe = useErrorText();
  const stop = useSessionChange(() =>
    unwrap(
      api.POST("/api/admin/transactions/{transaction_id}/stop", {
        params: { path: { transaction_id: transactionId } },
      }),
    ),
  );
  const ask = () =>
    stop.mutate(undefined, {
      onSuccess: () => showToast("good", t("asked")),
      onError: (error) => showToast("bad", describe(error)),
    });
  return (
    <Button size="small" isBusy={stop.isPending} onClick={ask}>
      {t("stopSession")}
    </Button>
  );
}
