import { expect } from 'vitest'
import { z } from 'zod'
import type { TestProject } from '../trial/test-project.ts'

/** The command that rehearses the VLAN of the project of these tests. */
export const VLAN = ['rehearse', 'workflows/vlan.yaml', '-p', 'vlan=20']

const cell = z.strictObject({
  kind: z.string(),
  point: z.enum(['stage', 'arm', 'verify', 'confirm', 'save']).optional(),
  device: z.string().optional(),
  record: z.int().optional(),
  behind: z.string().optional(),
  resumed: z.enum(['at once', 'after the commit timer']).optional(),
  end: z.enum(['BEFORE', 'AFTER', 'PART', 'UNKNOWN', 'IN BETWEEN']),
  ok: z.boolean(),
  outcome: z.string().nullable(),
  exit: z.int(),
  seconds: z.int(),
  faults: z.array(z.string()),
  switches: z.array(
    z.strictObject({
      name: z.string(),
      end: z.enum(['BEFORE', 'AFTER', 'IN BETWEEN']),
      said: z.enum(['untouched', 'unchanged', 'changed', 'reverted', 'unknown']).nullable(),
      difference: z
        .strictObject({
          config: z.enum(['running-config', 'startup-config']),
          from: z.enum(['BEFORE', 'AFTER']),
          lines: z.array(z.string()),
        })
        .optional(),
    }),
  ),
})

/** What `--json` prints, version 1. */
const rehearsal = z.strictObject({
  version: z.literal(1),
  kind: z.literal('rehearsal'),
  workflow: z.string(),
  fabric: z.string(),
  devices: z.array(z.string()),
  seed: z.int(),
  approvals: z.literal('rehearsal'),
  undisturbed: z.strictObject({ records: z.int(), seconds: z.int() }),
  counts: z.strictObject({
    cells: z.int(),
    failed: z.int(),
    before: z.int(),
    after: z.int(),
    part: z.int(),
    unknown: z.int(),
    inBetween: z.int(),
  }),
  cells: z.array(cell),
  exitCode: z.int(),
})

/** Runs a rehearsal, and reads what it prints as JSON: its exit code is the one that it names, and it complains of nothing. */
export async function rehearsed(project: TestProject, ...argv: readonly string[]) {
  const { code, stdout, stderr } = await project.eosflow(...argv, '--json')
  const read = rehearsal.parse(JSON.parse(stdout))
  expect({ code, stderr }).toEqual({ code: read.exitCode, stderr: '' })
  return read
}
