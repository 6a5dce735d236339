import { requireAllowed } from '../../app/policy/authority.ts'
import { atBench } from '../bench.ts'
import type { Invocation } from '../io.ts'

/** Prints the id of this store, as `approvals: store:` of the settings takes it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return atBench(invocation, async (bench) => {
    await requireAllowed(bench, 'audit.read')
    const { id } = bench.desk.store
    io.out(global.json ? `${JSON.stringify({ version: 1, store: id })}\n` : `${id}\n`)
    return 0
  })
}
