import { z } from 'zod'
import { isOrigin, originOf, secretReference } from '../../change/inventory/switch/secret-settings.ts'
import type { AllowedHost } from '../../model/http-port.ts'
import type { SettingsKey } from '../../project/system/feature/feature.ts'
import { duration } from '../../text/source/duration.ts'
import { withNotBuilt } from '../../text/source/explain-issue.ts'

const shape = () =>
  z.strictObject({
    url: z
      .string()
      .refine(isOrigin, {
        error:
          'the address of CloudVision is a scheme, a name or address, and a port that is not the usual one; nothing else',
        params: { code: 'bad-address', hint: 'for example `https://cvp.example.com` or `https://www.arista.io`' },
      })
      .transform(originOf)
      .describe('Where it is: `/api/resources` is put behind it. It must be among `http: hosts:`.')
      .meta({ examples: ['https://cvp.example.com'] }),
    token: secretReference(`\${env:CLOUDVISION_TOKEN}`).describe(
      'The token of a service account that may read its inventory and its change controls.',
    ),
    whenAway: z
      .enum(['refuse', 'warn'])
      .default('refuse')
      .describe(
        'What becomes of a change where it does not answer: `refuse` sends nothing, `warn` goes on and says so.',
      ),
    askAgainAfter: duration(1, 3600, '1m')
      .default(60)
      .describe(
        'For how long an answer holds for the switches of a wave that are pushed later: then it is asked again.',
      ),
    reconcile: withNotBuilt(z.enum(['report']), 'trigger')
      .default('report')
      .describe('What is done behind the confirm: `report` names the switches that it will show out of compliance.'),
  })

export type CloudVisionSettings = z.output<ReturnType<typeof shape>>

/** A CloudVision that manages the same switches (docs/beside-cloudvision.md). */
export const cloudVisionSettings: SettingsKey<CloudVisionSettings | undefined> = {
  name: 'cloudvision',
  before: 'identity',
  schema: () =>
    z
      .lazy(shape)
      .optional()
      .describe(
        'The CloudVision that manages the same switches; without it nobody asks whether one of its changes runs.',
      ),
  faults: cloudVisionFaults,
}

function cloudVisionFaults(settings: CloudVisionSettings | undefined, hosts: readonly AllowedHost[]) {
  // An address that is none is refused where it is written, and not repeated: it may hold a password.
  if (settings === undefined || !isOrigin(settings.url)) return []
  const { url, token } = settings
  const host = hosts.find(({ origin }) => origin === url)
  // What is no reference is refused where it is written, and not repeated here.
  const secret = token.startsWith('${') ? `'${token}'` : ''
  const hint = `list it: \`http: { hosts: [{ origin: ${url}, secrets: [${secret}] }] }\``
  if (host === undefined) {
    return [
      {
        path: ['url'],
        message: `CloudVision is at ${url}, which is not among \`http: hosts:\``,
        code: 'host-not-allowed',
        hint,
      },
    ]
  }
  if (host.secrets.includes(token) || secret === '') return []
  return [{ path: ['token'], message: `${token} may not be sent to ${url}`, code: 'secret-not-allowed', hint }]
}
