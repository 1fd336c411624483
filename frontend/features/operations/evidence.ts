/** A later message of the charger that shows that what was asked has happened. */
export interface Evidence {
  action: string;
  fits: (payload: Record<string, unknown>) => boolean;
}

type Payload = Record<string, unknown>;

const always = () => true;
const sameRequest = (request: Payload) => (payload: Payload) =>
  payload.requestId === undefined || payload.requestId === request.requestId;
const onConnector = (request: Payload, payload: Payload) =>
  request.connectorId === undefined || request.connectorId === 0 || payload.connectorId === request.connectorId;

/** Messages that are asked for by another name than they bear (whitepaper §5.5). */
const TRIGGERED: Record<string, string> = { SignChargePointCertificate: "SignCertificate" };

/** Where a request is not listed, OCPP 1.6 knows no later message: the answer is the outcome. */
const EVIDENCE: Record<string, (request: Payload) => Evidence> = {
  RemoteStartTransaction: (request) => ({
    action: "StartTransaction",
    fits: (payload) => payload.idTag === request.idTag && onConnector(request, payload),
  }),
  RemoteStopTransaction: (request) => ({
    action: "StopTransaction",
    fits: (payload) => payload.transactionId === request.transactionId,
  }),
  Reset: () => ({ action: "BootNotification", fits: always }),
  ChangeAvailability: (request) => ({
    action: "StatusNotification",
    fits: (payload) =>
      (payload.status === "Unavailable") === (request.type === "Inoperative") && onConnector(request, payload),
  }),
  ReserveNow: (request) => ({
    action: "StatusNotification",
    fits: (payload) => payload.status === "Reserved" && onConnector(request, payload),
  }),
  TriggerMessage: triggered,
  ExtendedTriggerMessage: triggered,
  GetDiagnostics: () => ({
    action: "DiagnosticsStatusNotification",
    fits: (payload) => payload.status === "Uploaded",
  }),
  UpdateFirmware: () => ({
    action: "FirmwareStatusNotification",
    fits: (payload) => payload.status === "Installed",
  }),
  SignedUpdateFirmware: (request) => ({
    action: "SignedFirmwareStatusNotification",
    fits: (payload) => payload.status === "Installed" && sameRequest(request)(payload),
  }),
  GetLog: (request) => ({
    action: "LogStatusNotification",
    fits: (payload) => payload.status === "Uploaded" && sameRequest(request)(payload),
  }),
};

function triggered(request: Payload): Evidence {
  const asked = String(request.requestedMessage);
  return { action: TRIGGERED[asked] ?? asked, fits: always };
}

/** What would prove that the request has happened; null: nothing but its answer can. */
export function evidenceOf(action: string, request: Payload): Evidence | null {
  return EVIDENCE[action]?.(request) ?? null;
}
