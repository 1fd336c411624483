"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, Suspense, useState } from "react";

import { ApiError } from "@/api/client";
import { OfflineBanner } from "@/components/shell/offline-banner";
import { OfflineWorker } from "@/components/shell/offline-worker";
import { Toaster } from "@/components/ui/toast";
import { LanguageProvider } from "@/lib/i18n/provider";
import { useTheme } from "@/lib/theme/theme";

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) =>
          failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      },
    },
  });
}

export function Providers({ children }: { children: ReactNode }) {
  const [queries] = useState(createQueries);
  useTheme(); // on every page the appearance follows the device's
  return (
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <OfflineBanner />
        <OfflineWorker />
        <Suspense>{children}</Suspense>
        <Toaster />
      </LanguageProvider>
    </QueryClientProvider>
  );
}
