import type { Forge, ForgeKind } from '../../model/forge.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { secretsOf } from '../../project/app/secrets/open-secrets.ts'
import { authorityText } from '../../project/files/project-text.ts'
import { noSeams } from '../../project/system/process/seams.ts'
import { type ForgeAddress, forgeClient } from './ask-forge.ts'
import { githubForge } from './github.ts'
import { gitlabForge } from './gitlab.ts'

export interface ForgePlace {
  readonly kind: ForgeKind
  readonly api: string
  readonly host: string
  readonly web: string
  readonly repository: string
  readonly token: string
  readonly ca?: string
}

// How long one answer of a forge may take, in milliseconds.
const LONGEST = 30_000

/** Throws InputError, `secret`, `tls`. */
export async function openForge(
  app: RecordApp,
  { kind, api, host, web, repository, token, ca }: ForgePlace,
): Promise<Forge> {
  const value = (await secretsOf(app).resolve(token)).reveal().trim()
  const { clock } = app.seams ?? noSeams
  const address: ForgeAddress = {
    api,
    headers: kind === 'github' ? githubHeaders(value) : { accept: 'application/json', 'private-token': value },
    scrub: (text) => app.scrubber.scrub(text),
    sleep: (milliseconds) => clock.sleep(milliseconds),
    milliseconds: LONGEST,
    ...(ca === undefined
      ? {}
      : { ca: { file: ca, text: await authorityText(app.project, 'the certificate authority of the forge', ca) } }),
  }
  const client = forgeClient(address)
  return kind === 'github' ? githubForge(client, host, repository) : gitlabForge(client, host, repository, web)
}

function githubHeaders(token: string): Readonly<Record<string, string>> {
  return {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    authorization: `Bearer ${token}`,
  }
}
