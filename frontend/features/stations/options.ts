import { useQuery } from "@tanstack/react-query";

import { stationsQuery } from "@/features/stations/queries";

/** The first hundred stations as choices of a select. */
export function useStationOptions(): { value: string; label: string }[] {
  const stations = useQuery(stationsQuery({ limit: 100, sort: "name" }));
  return (stations.data?.data ?? []).map((station) => ({
    value: String(station.id),
    label: station.name,
  }));
}
