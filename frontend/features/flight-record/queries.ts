import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import { saveFile } from "@/lib/save-file";

export type FlightItem = components["schemas"]["FlightItem"];
type FlightRecord = components["schemas"]["FlightRecord"];

const PATH = "/api/admin/transactions/{transaction_id}/flight-record";

export function flightRecordQuery(transactionId: number) {
  return queryOptions({
    queryKey: ["transactions", "flight-record", transactionId],
    queryFn: async (): Promise<FlightRecord> =>
      (await unwrap(api.GET(PATH, { params: { path: { transaction_id: transactionId } } }))) as FlightRecord,
  });
}

/** Saves the record as a file, for programs or to read. */
export async function saveFlightRecord(transactionId: number, format: "json" | "text"): Promise<void> {
  const answer = api.GET(PATH, {
    params: { path: { transaction_id: transactionId }, query: { format } },
    parseAs: "blob",
  });
  const [type, ending] = format === "json" ? ["application/json", "json"] : ["text/plain", "txt"];
  saveFile(`session-${transactionId}-flight-record.${ending}`, type, await unwrap(answer));
}
