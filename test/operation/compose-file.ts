import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** One service of a compose file, as far as it is used here. */
export interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly working_dir?: string
  readonly user?: string
  readonly ports?: readonly string[]
  readonly restart?: string
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly deploy?: { readonly replicas: number }
}

/** A compose file. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes: Readonly<Record<string, object>>
}

const read = (file: string) => readFileSync(new URL(`../../docs/operation/${file}`, import.meta.url), 'utf8')

/** The settings of the project that the shipped compose file runs. */
export const composeSettings = (): string => read('eosflow.yaml')

/** The shipped compose file, as it is written. */
export const composeText = (): string => read('compose.yaml')

/** The shipped compose file, as compose reads it with these variables: `$$` is a `$`, and what is demanded must be there. */
export function composeFile(variables: Readonly<Record<string, string>>): ComposeFile {
  return interpolated(parse(composeText()), variables) as ComposeFile
}

function interpolated(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$(?:\$|\{([A-Z_]+):\?[^}]*\}|.?)/g, (found, name?: string) => {
      if (found === '$$') return '$'
      const said = name === undefined ? undefined : variables[name]
      if (said === undefined) throw new Error(`compose cannot read ${found}`)
      return said
    })
  }
  if (Array.isArray(value)) return value.map((one) => interpolated(one, variables))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, interpolated(one, variables)]))
}
