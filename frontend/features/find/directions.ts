import type { Place } from "@/features/find/distance";

/** An address that opens the way there: in the phone's own map, otherwise in OpenStreetMap. */
export function directionsTo(place: Place, name: string, userAgent: string): string {
  const point = `${place.latitude},${place.longitude}`;
  if (/android/i.test(userAgent)) return `geo:${point}?q=${encodeURIComponent(`${point}(${name})`)}`;
  if (/iphone|ipad|macintosh/i.test(userAgent)) return `https://maps.apple.com/?daddr=${point}`;
  return `https://www.openstreetmap.org/directions?to=${encodeURIComponent(point)}`;
}
