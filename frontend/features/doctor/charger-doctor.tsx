"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleHelp, Info, RotateCw, Wrench } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Section } from "@/components/ui/facts";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { type DoctorFinding, doctorQuery, type Fix, useFix } from "@/features/doctor/queries";
import { useFormat } from "@/lib/format/use-format";

type Level = DoctorFinding["level"];

const LEVELS: { level: Level; tone: Tone; Icon: typeof Info; color: string }[] = [
  { level: "problem", tone: "bad", Icon: CircleAlert, color: "text-bad" },
  { level: "note", tone: "warn", Icon: Info, color: "text-warn" },
  { level: "unknown", tone: "idle", Icon: CircleHelp, color: "text-muted" },
  { level: "ok", tone: "good", Icon: CircleCheck, color: "text-good" },
];

/** Why this charger cannot connect or charge, what is worth knowing, and what would help. */
export function ChargerDoctor({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("doctor");
  const format = useFormat();
  const diagnosis = useQuery(doctorQuery(charger.id));
  const [chosen, setChosen] = useState<Fix | null>(null);
  if (diagnosis.isError && !diagnosis.data) {
    return <ErrorState error={diagnosis.error} onRetry={() => void diagnosis.refetch()} />;
  }
  if (!diagnosis.data) return <Skeleton className="h-96 w-full" />;
  const { findings, at } = diagnosis.data;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        {LEVELS.map(({ level, tone }) => (
          <Badge key={level} tone={tone}>
            {t(`levels.${level}`)} {findings.filter((finding) => finding.level === level).length}
          </Badge>
        ))}
        <span className="ml-auto text-[0.8125rem] text-muted">{t("examined", { at: format.time(at) })}</span>
        <Button size="small" isBusy={diagnosis.isFetching} onClick={() => void diagnosis.refetch()}>
          <RotateCw aria-hidden />
          {t("again")}
        </Button>
      </div>
      {LEVELS.map((group) => {
        const found = findings.filter((finding) => finding.level === group.level);
        return found.length === 0 ? null : (
          <Section key={group.level} title={t(`groups.${group.level}`)}>
            <ul className="-my-2 divide-y divide-line">
              {found.map((finding, index) => (
                <Found key={index} finding={finding} Icon={group.Icon} color={group.color} onFix={setChosen} />
              ))}
            </ul>
          </Section>
        );
      })}
      {chosen ? <FixDialog fix={chosen} onClose={() => setChosen(null)} /> : null}
    </div>
  );
}

interface FoundProps {
  finding: DoctorFinding;
  Icon: typeof Info;
  color: string;
  onFix: (fix: Fix) => void;
}

function Found({ finding, Icon, color, onFix }: FoundProps) {
  return (
    <li className="flex gap-3 py-2.5">
      <Icon className={`mt-0.5 size-4.5 shrink-0 ${color}`} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="font-medium">{finding.topic}</span> · {finding.text}
          {finding.section ? (
            <span className="ml-2 text-[0.8125rem] whitespace-nowrap text-muted">OCPP 1.6 § {finding.section}</span>
          ) : null}
        </p>
        {finding.fixes && finding.fixes.length > 0 ? (
          <p className="mt-2 flex flex-wrap gap-2">
            {finding.fixes.map((fix) => (
              <Button key={fix.label} size="small" className="h-auto min-h-8 max-w-full text-left whitespace-normal" onClick={() => onFix(fix)}>
                <Wrench aria-hidden />
                {fix.label}
              </Button>
            ))}
          </p>
        ) : null}
      </div>
    </li>
  );
}

function FixDialog({ fix, onClose }: { fix: Fix; onClose: () => void }) {
  const t = useTranslations("doctor");
  const apply = useFix();
  const confirm = () =>
    apply.mutate(fix, {
      onSuccess: () => {
        showToast("good", t("done"));
        onClose();
      },
    });
  return (
    <ConfirmDialog
      isOpen
      title={fix.label}
      text={t("fixHint")}
      action={t("fix")}
      isBusy={apply.isPending}
      error={apply.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <pre className="my-3 overflow-x-auto rounded-lg bg-sunken p-3 text-[0.8125rem]">
        {fix.method} {fix.path}
        {"\n"}
        {JSON.stringify(fix.body ?? {}, null, 2)}
      </pre>
    </ConfirmDialog>
  );
}
