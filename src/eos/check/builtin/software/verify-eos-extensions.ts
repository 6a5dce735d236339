import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** A reload brings back the extensions that are installed. */
export const verifyEosExtensions = defineVerify({
  name: 'VerifyEOSExtensions',
  summary: 'Verifies that all EOS extensions that are installed are enabled for boot persistence.',
  docs: 'Passes when the extensions that are installed are those that the switch boots with, also when there are none.',
  commands: () => [
    { cmd: 'show extensions', revision: 2 },
    { cmd: 'show boot-extensions', revision: 1 },
  ],
  answers: () => [
    z.object({ extensions: z.record(z.string(), z.object({ status: z.string() })) }),
    z.object({ extensions: z.array(z.string()) }),
  ],
  judge: (_input, [{ extensions }, boot]) => {
    const installed = Object.entries(extensions).flatMap(([name, { status }]) => (status === 'installed' ? [name] : []))
    const configured = boot.extensions.map((line) => line.replaceAll(/^\n+|\n+$/g, '')).filter((name) => name !== '')
    const [now, then] = [listed(installed), listed(configured)]
    return passUnless(now === then ? [] : [`EOS extensions mismatch - Installed: ${now} Configured: ${then}`])
  },
})

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'Not found' : names.toSorted().join(', ')
}
