"use client";

import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { ErrorLine } from "@/components/ui/states";

interface ConfirmProps {
  isOpen: boolean;
  title: string;
  text: string;
  action: string;
  isBusy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before what cannot be undone, and says what will happen. */
export function ConfirmDialog(props: ConfirmProps) {
  const t = useTranslations("ui");
  return (
    <Dialog isOpen={props.isOpen} onClose={props.onClose} title={props.title}>
      <p className="max-w-prose">{props.text}</p>
      {props.children}
      <ErrorLine error={props.error} />
      <DialogActions>
        <Button onClick={props.onClose}>{t("cancel")}</Button>
        <Button look="danger" isBusy={props.isBusy} onClick={props.onConfirm}>
          {props.action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
