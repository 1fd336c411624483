import { useQuery } from "@tanstack/react-query";

import { API_ORIGIN } from "@/api/client";
import { configQuery } from "@/features/session/queries";

/** Origins whose labels lead to chargers of this network: this page's, the API's, the product's. */
export function useOwnOrigins(): () => string[] {
  const publicUrl = useQuery(configQuery).data?.public_url;
  return () => {
    const known = [window.location.origin, API_ORIGIN, publicUrl ?? ""].filter((url) => url !== "");
    return known.map((url) => new URL(url).origin);
  };
}
