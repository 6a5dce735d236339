/**
 * Who calls. Nobody is taken for granted: one of these is named, and whoever it names is judged by the policy and named on every record.
 *
 * - `local`: the user of this process, as the operating system says it, where the settings of the project list no identity provider.
 * - `token`: whom a token names that a provider of the settings has issued, as `EOSFLOW_TOKEN` of the command line.
 * - `login`: whoever has logged in with `eosflow login`, at the issuer of that name or else last; or the service that the settings name.
 */
export type ProjectCaller =
  | { readonly kind: 'local' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'login'; readonly issuer?: string }

/** How a project is opened. */
export interface ProjectOptions {
  /** The folder with `eosflow.yaml`, as a path or as a URL of a file. Every path that is given later is taken from it. */
  readonly folder: string | URL
  readonly caller: ProjectCaller
  /** What says where secrets, keys, logins and programs are, by name: usually `process.env`. It is read once. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Another store than the settings say, as `--store`. */
  readonly store?: string
  /** Whether switches with `tls: { insecure: true }` are connected to, as `--insecure-tls`; it is on record. */
  readonly insecureTls?: boolean
  /** Hears warnings and notes, without secrets. Absent: nobody does. What it throws is dropped. */
  readonly tell?: (text: string) => void
}
