import { z } from 'zod'

const text = z.string()

/** What `eosflow inventory list --json` prints, version 1. */
export const inventoryResultSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('inventory'),
    switches: z
      .array(
        z.strictObject({
          name: text,
          host: text,
          port: z.int(),
          transport: text,
          credentials: text.describe('The name of its login, never a secret.'),
          via: z.array(text).readonly().exactOptional().describe('The jump hosts on the way, in order.'),
          tags: z.record(text, text),
          groups: z.array(text).readonly(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'inventory-result', title: 'eosflow inventory list --json' })

export type InventoryDocument = z.infer<typeof inventoryResultSchema>
