import type { ChargerDetail } from "@/api/types";

export type OperationName =
  | "remote-start"
  | "remote-stop"
  | "unlock-connector"
  | "change-availability"
  | "reset"
  | "clear-cache"
  | "trigger-message"
  | "data-transfer";

export type FieldName = "connector_id" | "id_tag" | "transaction_id" | "type" | "requested_message"
  | "vendor_id" | "message_id" | "data";

export interface OperationField {
  name: FieldName;
  kind: "connector" | "outlet" | "session" | "text" | "choice";
  options?: readonly string[];
  isRequired?: boolean;
}

export interface OperationSpec {
  name: OperationName;
  fields: readonly OperationField[];
  isDangerous?: boolean;
  /**
   * Whether what was asked has happened, as the charger's own state shows it since `askedAt`.
   * Without it the charger's answer is all that there is to know.
   */
  hasHappened?: (charger: ChargerDetail, body: Record<string, unknown>, askedAt: Date) => boolean;
}

const isAfter = (moment: string | null, askedAt: Date) =>
  moment !== null && new Date(moment) >= askedAt;

/** What can be asked of a charger (OCPP 1.6 §5), with the fields of its form. */
export const OPERATIONS: readonly OperationSpec[] = [
  {
    name: "remote-start",
    fields: [
      { name: "connector_id", kind: "outlet" },
      { name: "id_tag", kind: "text" },
    ],
    hasHappened: (charger, body, askedAt) =>
      charger.current_transactions.some(
        (session) =>
          isAfter(session.received_at, askedAt) &&
          (body.connector_id === undefined || body.connector_id === session.connector_id),
      ),
  },
  {
    name: "remote-stop",
    fields: [{ name: "transaction_id", kind: "session" }],
    hasHappened: (charger, body) =>
      body.transaction_id === undefined
        ? charger.current_transactions.length === 0
        : charger.current_transactions.every((session) => session.id !== body.transaction_id),
  },
  {
    name: "change-availability",
    fields: [
      { name: "type", kind: "choice", options: ["Operative", "Inoperative"], isRequired: true },
      { name: "connector_id", kind: "connector" },
    ],
    hasHappened: (charger, body) => {
      const wanted = body.type === "Inoperative";
      const concerned = charger.connectors.filter((connector) =>
        (body.connector_id ?? 0) === 0
          ? connector.connector_id > 0
          : connector.connector_id === body.connector_id,
      );
      return concerned.every((connector) => (connector.status === "Unavailable") === wanted);
    },
  },
  { name: "unlock-connector", fields: [{ name: "connector_id", kind: "outlet", isRequired: true }] },
  {
    name: "reset",
    fields: [{ name: "type", kind: "choice", options: ["Soft", "Hard"], isRequired: true }],
    isDangerous: true,
    hasHappened: (charger, _body, askedAt) => isAfter(charger.booted_at, askedAt),
  },
  { name: "clear-cache", fields: [] },
  {
    name: "trigger-message",
    fields: [
      {
        name: "requested_message",
        kind: "choice",
        isRequired: true,
        options: [
          "StatusNotification",
          "MeterValues",
          "Heartbeat",
          "BootNotification",
          "DiagnosticsStatusNotification",
          "FirmwareStatusNotification",
        ],
      },
      { name: "connector_id", kind: "outlet" },
    ],
  },
  {
    name: "data-transfer",
    fields: [
      { name: "vendor_id", kind: "text", isRequired: true },
      { name: "message_id", kind: "text" },
      { name: "data", kind: "text" },
    ],
  },
];
