import { z } from 'zod'
import { MissingMember, recordOf, show, told } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { someOf, word } from '../input/words.ts'

/** A reload brings back the extensions that are installed. */
export const VerifyEOSExtensions = defineVerify({
  summary: 'Verifies that all EOS extensions that are installed are enabled for boot persistence.',
  docs: 'Passes when the extensions that are installed are those that the switch boots with, also when there are none.',
  asks: [
    show('show extensions', () => ({ extensions: recordOf({ status: z.string() }) }), 2),
    show('show boot-extensions', () => ({ extensions: z.array(z.string()) })),
  ],
  judge: ([{ extensions }, boot]) => {
    const installed = Object.entries(extensions).flatMap(([name, { status }]) => (status === 'installed' ? [name] : []))
    const configured = boot.extensions.map((line) => line.replaceAll(/^\n+|\n+$/g, '')).filter((name) => name !== '')
    const [now, then] = [listed(installed), listed(configured)]
    return now === then ? [] : [`EOS extensions mismatch - Installed: ${now} Configured: ${then}`]
  },
})

function listed(names: readonly string[]) {
  return names.length === 0 ? 'Not found' : names.toSorted().join(', ')
}

/** The switch runs a version of EOS that is allowed. */
export const VerifyEOSVersion = defineVerify({
  summary: 'Verifies the EOS version of the switch.',
  docs: 'Passes when the switch runs one of the versions.',
  example: { versions: ['4.32.2F', '4.33.1F'] },
  input: () => ({ versions: someOf(word(), 'EOS versions that are allowed.') }),
  asks: show('show version', () => ({ version: z.string() })),
  judge: ({ version }, { versions }) =>
    versions.includes(version)
      ? []
      : [`EOS version mismatch - Actual: ${version} not in Expected: ${versions.join(', ')}`],
})

/** TerminAttr, the agent that streams to CloudVision, has a version that is allowed. */
export const VerifyTerminAttrVersion = defineVerify({
  summary: 'Verifies the TerminAttr version of the switch.',
  docs: 'Passes when the switch has one of the versions.',
  example: { versions: ['v1.35.0', 'v1.36.1'] },
  input: () => ({ versions: someOf(word(), 'TerminAttr versions that are allowed.') }),
  asks: show('show version detail', () =>
    told({ details: told({ packages: recordOf(told({ version: z.string() })) }) }),
  ),
  judge: ({ details }, { versions }) => {
    const terminAttr = details.packages['TerminAttr-core']
    if (terminAttr === undefined) throw new MissingMember(details.packages, 'TerminAttr-core')
    const { version } = terminAttr
    return versions.includes(version)
      ? []
      : [`TerminAttr version mismatch - Actual: ${version} not in Expected: ${versions.join(', ')}`]
  },
})
