import { z } from 'zod'
import { count, event, text, texts } from './record-schema.ts'

/** The schemas of the events about budgets of switches under change (docs/workflow.md#a-budget-over-all-executions). */
export const budgetEventTypes = [
  /** Switches are not changed yet: a budget of switches under change is full, or others have come before. */
  event('SharesAwaited', 'EF432I', () => ({
    devices: texts,
    full: z
      .array(
        z.strictObject({
          budget: text,
          max: count,
          /** Who has its shares, and since when, ISO 8601 in UTC. */
          held: z.array(z.strictObject({ execution: text, since: text })).readonly(),
          /** Who has come earlier, and waits. */
          before: texts,
        }),
      )
      .readonly(),
  })),
  /** The shares of budgets under which switches are changed from now on, all of them or none. They are leased as switches are. */
  event('SharesTaken', 'EF433I', () => ({
    shares: z.array(z.strictObject({ device: text, share: text })).readonly(),
    /** The commit timer of the switches. */
    seconds: count,
    budgets: z.array(z.strictObject({ budget: text, max: count })).readonly(),
    /** The shares of lower numbers, and who has them. */
    beside: z.array(z.strictObject({ share: text, execution: text })).readonly(),
  })),
  /** Switches are under change no more: their change is kept for good, or they were put back. */
  event('SharesGivenBack', 'EF434I', () => ({ devices: texts, shares: texts })),
] as const
