"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { QrCode } from "@/components/ui/qr-code";
import { ErrorState, Skeleton } from "@/components/ui/states";
import {
  securityQuery,
  useConfirmFactor,
  useProposeFactor,
  useRenewCodes,
  useSwitchFactorOff,
} from "@/features/identity/queries";
import { Refusal } from "@/features/identity/refusal";
import { TextField } from "@/features/identity/text-field";

/** The second factor of one's own account: set up, recovery codes, switch off. */
export function SecondFactor() {
  const t = useTranslations("identity.factor");
  const security = useQuery(securityQuery);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (security.isError) {
    return <ErrorState error={security.error} onRetry={() => void security.refetch()} />;
  }
  if (security.data === undefined) return <Skeleton className="h-24 w-full" />;
  if (codes !== null) return <Codes codes={codes} onNoted={() => setCodes(null)} />;
  if (security.data.has_second_factor) {
    return <FactorOn left={security.data.recovery_codes_left} onCodes={setCodes} />;
  }
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-prose">{t("off")}</p>
      <SetUp onCodes={setCodes} />
    </div>
  );
}

function SetUp({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const t = useTranslations("identity.factor");
  const propose = useProposeFactor();
  const confirm = useConfirmFactor();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const begin = (event: FormEvent) => {
    event.preventDefault();
    propose.mutate(password);
  };
  const finish = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(code, { onSuccess: (made) => onCodes(made.recovery_codes) });
  };
  if (propose.data === undefined) {
    return (
      <form onSubmit={begin} className="flex flex-col gap-4">
        <TextField label={t("password")} type="password" autoComplete="current-password" value={password} onValue={setPassword} />
        <Button type="submit" size="large" isBusy={propose.isPending}>
          {t("setUp")}
        </Button>
        <Refusal error={propose.error} />
      </form>
    );
  }
  return (
    <form onSubmit={finish} className="flex flex-col gap-4">
      <p>{t("scan")}</p>
      <QrCode text={propose.data.address} label={t("qr")} className="size-52 self-center rounded-lg" />
      <CopyText label={t("secret")} text={propose.data.secret} />
      <TextField label={t("code")} inputMode="numeric" autoComplete="one-time-code" maxLength={7} value={code} onValue={setCode} />
      <Button type="submit" look="primary" size="large" isBusy={confirm.isPending}>
        {t("confirm")}
      </Button>
      <Refusal error={confirm.error} />
    </form>
  );
}

function FactorOn({ left, onCodes }: { left: number; onCodes: (codes: string[]) => void }) {
  const t = useTranslations("identity.factor");
  const renew = useRenewCodes();
  const off = useSwitchFactorOff();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const proof = { current_password: password, code };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    renew.mutate(proof, { onSuccess: (made) => onCodes(made.recovery_codes) });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p>{t("on", { left })}</p>
      <TextField label={t("password")} type="password" autoComplete="current-password" value={password} onValue={setPassword} />
      <TextField label={t("codeOrRecovery")} autoComplete="one-time-code" maxLength={40} value={code} onValue={setCode} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" isBusy={renew.isPending}>
          {t("renew")}
        </Button>
        <Button
          look="danger"
          disabled={password === "" || code === ""}
          isBusy={off.isPending}
          onClick={() => off.mutate(proof)}
        >
          {t("switchOff")}
        </Button>
      </div>
      <Refusal error={renew.error ?? off.error} />
    </form>
  );
}

function Codes({ codes, onNoted }: { codes: string[]; onNoted: () => void }) {
  const t = useTranslations("identity.factor");
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-prose">{t("codesHint")}</p>
      <ol aria-label={t("codes")} className="grid gap-2 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Button look="primary" size="large" onClick={onNoted}>
        {t("noted")}
      </Button>
    </div>
  );
}
