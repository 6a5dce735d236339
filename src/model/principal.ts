/** Who acts. `id` is unique per issuer; without an identity provider it is `local:<uid>:<user>@<host>`. */
export interface Principal {
  readonly issuer: string
  readonly id: string
  readonly kind: 'person' | 'service' | 'agent'
  /** How the identity was established: by the operating system, an SSH key, or OIDC. */
  readonly auth: 'os' | 'ssh' | 'oidc'
}

/** What an act needs permission for (policy actions of the design, section 3). */
export type Scope =
  | 'plan.create'
  | 'plan.read'
  | 'plan.approve'
  | 'plan.reject'
  | 'execution.start'
  | 'execution.read'
  | 'execution.stop'
  | 'task.snapshot'
  | 'task.plan'
  | 'task.push'
  | 'task.verify'
  | 'task.confirm'
  | 'task.rollback'
  | 'task.exec'
