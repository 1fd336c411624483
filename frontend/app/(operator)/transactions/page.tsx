import { TransactionsPage } from "@/features/transactions/transactions-page";

export default function Page() {
  return <TransactionsPage />;
}
