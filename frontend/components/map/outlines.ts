import type { FeatureCollection } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

const FILE = new URL("world-atlas/countries-50m.json", import.meta.url).href;

/** Outlines of the countries, in the app itself: the map needs no key and no other server. */
export async function loadOutlines(): Promise<FeatureCollection> {
  const answer = await fetch(FILE);
  if (!answer.ok) throw new Error(`outlines: status ${answer.status}`);
  const topology = (await answer.json()) as Topology<{ countries: GeometryCollection }>;
  return feature(topology, topology.objects.countries);
}
