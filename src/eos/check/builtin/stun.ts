import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { mismatch, needed, type OutputOf, partly, recordOf, show } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { ipv4, port, someOf } from '../input/words.ts'

const client = () =>
  z.strictObject({
    source_address: ipv4().describe('The IPv4 address of the STUN client.'),
    source_port: port().default(4500).describe('The port of the STUN client.'),
    public_address: ipv4().nullish().describe('The address that the STUN server sees.'),
    public_port: port().nullish().describe('The port that the STUN server sees.'),
  })

const translations = once(() =>
  z.object({
    bindings: recordOf({ publicAddress: partly({ ip: z.string(), port: z.number() }).prefault({}) }),
  }),
)

const input = () => z.strictObject({ stun_clients: someOf(client(), 'STUN clients whose translations to verify.') })

type Client = OutputOf<typeof client>
type Translations = OutputOf<typeof translations>

const stunClientTranslations = {
  docs: 'Passes when there is a translation for each source address, with the public address and port if they are given.',
  example: {
    stun_clients: [
      { source_address: '172.18.3.2', public_address: '172.18.3.21', source_port: 4500, public_port: 6006 },
      { source_address: '100.64.3.2', public_address: '100.64.3.21', source_port: 4500, public_port: 6006 },
    ],
  },
  input,
  asks: ({ stun_clients }: OutputOf<typeof input>) =>
    stun_clients.map(({ source_address, source_port }) =>
      show(`show stun client translations ${source_address} ${source_port}`, translations),
    ),
  judge: (answers: readonly Translations[], { stun_clients }: OutputOf<typeof input>) =>
    stun_clients.flatMap((one, index) => faultsOf(one, answers[index])),
}

function faultsOf(expected: Client, told: Translations | undefined) {
  const subject = `Client ${expected.source_address} Port: ${expected.source_port}`
  const [binding] = Object.values(told?.bindings ?? {})
  if (binding === undefined) return [`${subject} - STUN client translation not found`]
  const { ip, port: actualPort } = binding.publicAddress
  const { public_address, public_port } = expected
  return [
    ...(public_address == null
      ? []
      : mismatch(`${subject} - Incorrect public-facing address`, public_address, ip, 'None')),
    ...(public_port == null
      ? []
      : mismatch(`${subject} - Incorrect public-facing port`, public_port, actualPort, 'None')),
  ]
}

/** The STUN client has the expected translations. */
export const VerifyStunClientTranslation = defineVerify({
  ...stunClientTranslations,
  summary: 'Verifies the translations of source addresses on a STUN client.',
})

/** The former name of VerifyStunClientTranslation, which catalogs may still use. */
export const VerifyStunClient = defineVerify({
  ...stunClientTranslations,
  summary:
    'Verifies the translations of source addresses on a STUN client (deprecated: use VerifyStunClientTranslation).',
})

/** The STUN server is enabled and runs. */
export const VerifyStunServer = defineVerify({
  summary: 'Verifies that the STUN server is enabled and running.',
  docs: 'Passes when the server is enabled and its process runs.',
  asks: show('show stun server status', () => ({ enabled: z.boolean().default(false), pid: z.number().optional() })),
  judge: (server) => {
    const { enabled, pid } = server
    if (!enabled) return [`STUN server status is disabled${pid === 0 ? ' and not running' : ''}`]
    return needed(server, 'pid') === 0 ? ['STUN server is not running'] : []
  },
})
