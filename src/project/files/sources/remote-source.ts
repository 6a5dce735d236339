import {
  hasContext,
  type InventoryProgram,
  type ServiceSettings,
} from '../../../change/inventory/source/source-settings.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { digestOf } from '../../../model/digest.ts'
import { type ServiceKind, serviceName } from './read-service.ts'

export type RemoteSource =
  | { readonly kind: ServiceKind; readonly settings: ServiceSettings; readonly branch?: string }
  | { readonly kind: 'exec'; readonly name: string; readonly program: InventoryProgram }

/** How messages name a source: `netbox https://netbox.example`, `exec cvp`. */
export function remoteName(source: RemoteSource): string {
  return source.kind === 'exec' ? `exec ${source.name}` : serviceName(source.kind, source.settings)
}

export function answerName(source: RemoteSource): string {
  return `${source.kind}-${digestOf(questionOf(source)).slice('sha256:'.length, 'sha256:'.length + 16)}`
}

function questionOf(source: RemoteSource) {
  if (source.kind === 'exec') return { name: source.name, command: source.program.command }
  const { url, query, address, hostname, platforms } = source.settings
  const asked = Object.entries(query).map(([name, value]) => [name, ...[value].flat().map(String)])
  return {
    url,
    query: asked,
    address,
    hostname,
    platforms: platforms ?? null,
    context: hasContext(source.settings),
    ...definedMembers({ branch: source.branch }),
  }
}
