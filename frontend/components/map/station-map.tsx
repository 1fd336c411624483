"use client";

import dynamic from "next/dynamic";

import type { MapProps } from "@/components/map/leaflet-map";
import { Skeleton } from "@/components/ui/states";

const LeafletMap = dynamic(() => import("@/components/map/leaflet-map"), {
  ssr: false,
  loading: () => <Skeleton className="size-full rounded-none" />,
});

/** The map, loaded only where it is shown. */
export function StationMap(props: MapProps) {
  return <LeafletMap {...props} />;
}
