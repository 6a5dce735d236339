import { z } from 'zod'
import { programCommand, programVariables } from '../../../text/source/program-schema.ts'

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, `_` and `-`')

/** `exec:` of an entry of `sources:`: a program that `eosflow.yaml` names (docs/netbox-nautobot.md#programs). */
export const execSource = name
  .describe('A program under `inventory: exec:` in eosflow.yaml that prints an inventory.')
  .meta({ examples: ['cvp'] })

const program = z
  .strictObject({
    command: programCommand()
      .describe('The program and its arguments. No shell is used.')
      .meta({ examples: [['/usr/bin/python3', 'cvp-inventory.py']] }),
    env: programVariables,
    timeout: z.int().min(1).max(600).default(60).describe('How many seconds it may take.'),
  })
  .transform(({ command, env, timeout }) => ({ command, env, seconds: timeout }))

/** `inventory: exec:` of `eosflow.yaml`: the programs that print an inventory, by name. */
export const inventoryPrograms = z
  .record(name, program)
  .default({})
  .describe('Programs that print an inventory: `exec: NAME` in `sources:` of the inventory.')

export type InventoryProgram = z.output<typeof program>
