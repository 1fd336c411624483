import type { MessageKeys, Messages, NestedKeyOf } from "use-intl";

/** The full name of a message, such as "chargers.title": for tables that name a title. */
export type MessageKey = MessageKeys<Messages, NestedKeyOf<Messages>>;
