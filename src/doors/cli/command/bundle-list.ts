import { listBundles } from '../../../project/authoring/publish/look.ts'
import { bundlesText } from '../../../report/bundle.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const bundles = await listBundles(app, caller)
    io.out(global.json ? `${JSON.stringify({ version: 1, bundles })}\n` : bundlesText(bundles))
    return 0
  })
}
