import { showBundle } from '../../../project/authoring/publish/look.ts'
import { bundleText } from '../../../report/bundle.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Shows the files of a bundle, once each was compared with its digest. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const shown = await showBundle(app, caller, args[0])
    io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'bundle', ...shown })}\n` : bundleText(shown))
    return 0
  })
}
