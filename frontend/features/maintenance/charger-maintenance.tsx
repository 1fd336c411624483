"use client";

import { useQuery } from "@tanstack/react-query";
import { HardDriveDownload } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Badge, type Tone } from "@/components/ui/badge";
import { Facts, Section } from "@/components/ui/facts";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { type MaintenanceJob, maintenanceJobQuery, maintenanceJobsQuery } from "@/features/maintenance/queries";
import { useFormat } from "@/lib/format/use-format";

const TONES: Record<MaintenanceJob["status"], Tone> = {
  ASKED: "accent",
  RUNNING: "accent",
  DONE: "good",
  FAILED: "bad",
  REFUSED: "bad",
  REPLACED: "idle",
};

/** Firmware updates, diagnostics and logs of one charger, each with its history. */
export function ChargerMaintenance({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("maintenance");
  const jobs = useQuery(maintenanceJobsQuery(charger.id));
  if (jobs.isError && !jobs.data) {
    return <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />;
  }
  return (
    <Section title={t("title")}>
      <p className="mb-3 text-muted">{t("hint", { version: charger.firmware_version ?? "–" })}</p>
      {jobs.data === undefined ? <Skeleton className="h-32 w-full" /> : null}
      {jobs.data?.total === 0 ? (
        <EmptyState icon={<HardDriveDownload aria-hidden />} title={t("empty")} hint={t("emptyHint")} />
      ) : null}
      <ul className="-mx-4 -mb-4 divide-y divide-line">
        {jobs.data?.data.map((job) => <Job key={job.id} job={job} />)}
      </ul>
    </Section>
  );
}

function Job({ job }: { job: MaintenanceJob }) {
  const t = useTranslations("maintenance");
  const format = useFormat();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li className="px-4 py-2.5">
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-4 gap-y-1">
          <span className="font-medium">{t(`kind.${job.kind}`)}</span>
          <Badge tone={TONES[job.status]}>{t(`status.${job.status}`)}</Badge>
          <span className="text-[0.8125rem] text-muted">{job.charger_status}</span>
          <span className="ml-auto text-[0.8125rem] text-muted">{format.time(job.asked_at)}</span>
        </summary>
        {isOpen ? <JobDetail job={job} /> : null}
      </details>
    </li>
  );
}

function JobDetail({ job }: { job: MaintenanceJob }) {
  const t = useTranslations("maintenance");
  const format = useFormat();
  const detail = useQuery(maintenanceJobQuery(job.id));
  const isUpdate = job.kind === "FIRMWARE" || job.kind === "SIGNED_FIRMWARE";
  return (
    <div className="mt-3 grid gap-4 rounded-lg bg-sunken p-4 lg:grid-cols-2">
      <Facts
        facts={[
          [isUpdate ? t("from") : t("to"), job.location],
          ...(isUpdate
            ? ([
                [t("before"), job.version_before],
                [t("after"), job.version_after],
                [t("proof"), job.confirmed_at ? format.time(job.confirmed_at) : t("noProof")],
              ] as [string, string | null][])
            : ([[t("file"), job.file_name]] as [string, string | null][])),
        ]}
      />
      <ol className="flex flex-col gap-1 text-[0.8125rem]">
        {detail.data === undefined ? <Skeleton className="w-40" /> : null}
        {detail.data?.events.map((event) => (
          <li key={`${event.status}${event.received_at}`} className="flex justify-between gap-4">
            <span>{event.status}</span>
            <span className="text-muted">{format.time(event.received_at)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
