"use client";

import { useState } from "react";

import type { Place } from "@/features/find/distance";

export type PlaceState =
  | { step: "unknown" | "locating" | "denied" | "unlocated" }
  | { step: "known"; place: Place };

const OPTIONS: PositionOptions = { timeout: 15_000, maximumAge: 60_000 };

/** Where the device is; asked only when somebody taps. */
export function usePlace(): [PlaceState, () => void] {
  const [state, setState] = useState<PlaceState>({ step: "unknown" });
  const locate = () => {
    if (!("geolocation" in navigator)) {
      setState({ step: "unlocated" });
      return;
    }
    setState({ step: "locating" });
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => setState({ step: "known", place: { latitude, longitude } }),
      (error) => setState({ step: error.code === error.PERMISSION_DENIED ? "denied" : "unlocated" }),
      OPTIONS,
    );
  };
  return [state, locate];
}
