import type { Principal, Scope } from '../../model/principal.ts'
import type { TransportKind } from '../../model/transport-kind.ts'
import type { ArtefactRef } from '../artefact-ref.ts'
import type { BundleEventBody } from './bundle-event.ts'
import type { NoticeEventBody } from './notice-event.ts'
import type { OutsideEventBody } from './outside-event.ts'
import type { ScheduleEventBody } from './schedule-event.ts'
import type { StoreEventBody } from './store-event.ts'
import type { WorkerEventBody } from './worker-event.ts'

/** How an identity provider was asked who somebody is. */
export type LoginFlow = 'browser' | 'device-code' | 'ci-token' | 'client-credentials'

/** The forms in which records leave the store. */
export type ExportFormat = 'jsonl' | 'rfc5424' | 'cef' | 'otlp'

/**
 * The body of an event that is on record for auditors alone: no state of an execution follows from it
 * (docs/audit.md#what-is-on-record). It belongs to the execution that it happened in, or to none. None ever holds
 * a secret: a reference at most.
 */
export type AuditEventBody =
  | OutsideEventBody
  | BundleEventBody
  /** Somebody was not let do something. Nothing was sent to a switch. */
  | {
      readonly type: 'AccessDenied'
      readonly principal: Principal
      readonly needs: Scope
      readonly reason: string
      /** The rules of the policy that decided, by name; none where nothing allowed it. */
      readonly rules?: readonly string[]
      /** The digest of the policy that decided. */
      readonly policy?: string
      readonly workflow?: string
      /** The digest of the plan it was about. */
      readonly plan?: string
      readonly devices?: readonly string[]
      /** The state that was not begun, and its scope: `Push in RollOutWaves[0].RollOutWave[1]`. */
      readonly place?: string
      /** How many other denials of this principal, of the minute before, a server has left out. */
      readonly leftOut?: number
    }
  /** A policy came into force here that was not the one before. */
  | {
      readonly type: 'PolicyLoaded'
      readonly file: string
      /** Its digest. */
      readonly policy: string
      /** The text of the file. */
      readonly text?: ArtefactRef
      /** The digest of the policy that was demanded here until then; absent where none was, and of earlier versions. */
      readonly before?: string
    }
  /** The newest policy that was in force here is to be demanded no longer, by the word of somebody whom it lets say so. */
  | {
      readonly type: 'PolicyRetired'
      readonly principal: Principal
      readonly file: string
      /** The digest of that policy. */
      readonly policy: string
      /** When it came into force here, ISO 8601 in UTC, and the digest of the one that it took the place of: who edits a policy can let themselves retire it. */
      readonly since?: string
      readonly before?: string
      readonly reason: string
      readonly rules: readonly string[]
    }
  /** Somebody went past the policy by the way that it keeps for emergencies. */
  | {
      readonly type: 'BreakGlassUsed'
      readonly principal: Principal
      readonly needs: Scope
      readonly reason: string
      readonly rules: readonly string[]
      readonly policy: string
      readonly plan?: string
      readonly devices?: readonly string[]
      /** Whom to notify, and within how many seconds it is to be reviewed and must be over. */
      readonly notify?: readonly string[]
      readonly reviewWithin?: number
      readonly maxTtl?: number
    }
  /** Somebody has said that nothing new begins until a time, whatever the policy says. The number of this record names the freeze. */
  | {
      readonly type: 'FreezeSet'
      readonly principal: Principal
      readonly reason: string
      /** ISO 8601 in UTC. */
      readonly until: string
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
  /** Somebody has ended a freeze before its time. */
  | {
      readonly type: 'FreezeEnded'
      readonly principal: Principal
      /** The number of the record that set it. */
      readonly freeze: number
      readonly reason: string
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
  | ScheduleEventBody
  /** A decision about a plan was handed in and not taken: its signature, its time, its digest or its signer is not good. */
  | {
      readonly type: 'ApprovalRefused'
      readonly plan: string
      readonly reason: string
      /** Who the statement says it is from, which need not be true. */
      readonly claimed?: string
      readonly nonce?: string
    }
  | {
      readonly type: 'LoggedIn'
      readonly principal: Principal
      readonly flow: LoginFlow
      /** When the session ends, ISO 8601 in UTC. */
      readonly until?: string
      /** It was asked for a second proof, for an approval. */
      readonly stepUp?: true
    }
  | { readonly type: 'LoginFailed'; readonly issuer: string; readonly flow: LoginFlow; readonly reason: string }
  | {
      readonly type: 'LoggedOut'
      readonly principal: Principal
      /** The identity provider has ended the login; absent: the person has. */
      readonly by?: 'provider'
    }
  /** A secret was asked for by its reference. */
  | {
      readonly type: 'SecretResolved'
      readonly reference: string
      readonly outcome: 'ok' | 'failed'
      /** The version that its keeper names. */
      readonly version?: string
      /** When it ends to be good, ISO 8601 in UTC. */
      readonly until?: string
      readonly device?: string
      /** The state that needed it. */
      readonly state?: string
      /** Why it was not had. */
      readonly reason?: string
    }
  /** A switch was spoken to without proof of who it is, because both switches that allow it were set. */
  | { readonly type: 'InsecureAllowed'; readonly device: string; readonly transport: TransportKind }
  /** The key of a switch was taken as its own the first time it was seen. */
  | {
      readonly type: 'HostTrusted'
      readonly device: string
      readonly transport: TransportKind
      /** `SHA256:` and base64, as ssh-keygen prints it, or the pin of a certificate's key. */
      readonly fingerprint: string
    }
  /** The controller's clock is behind the newest record by more than it may be. */
  | { readonly type: 'ClockSetBack'; readonly latest: string; readonly now: string }
  /** A key of this installation was replaced. Keys that sign are named as `ssh-keygen -l` prints them, one that is lost as `lost:` and the key id of its checkpoints; install keys by their checks. */
  | {
      readonly type: 'KeyRotated'
      readonly key: 'plan' | 'server' | 'checkpoint' | 'install'
      readonly from: string
      readonly to: string
      readonly reason: string
      /** Who has replaced the install key. */
      readonly principal?: Principal
      /** What both install keys seal of it: the holder of each has agreed. */
      readonly proofs?: { readonly from: string; readonly to: string }
    }
  /** Somebody vouches for the controller's clock though records are newer than it: times are judged by records from here on. */
  | {
      readonly type: 'ClockAccepted'
      readonly principal: Principal
      readonly reason: string
      /** The highest wall time that was on record, and what the clock said, ISO 8601 in UTC. */
      readonly latest: string
      readonly now: string
      /** How many switches were asked whose clocks agree with it. */
      readonly agreeing: number
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
  /** Somebody verified the record. `size` is the number of records, `root` the hash of the newest in base64. */
  | {
      readonly type: 'AuditVerified'
      readonly size: number
      readonly root: string
      readonly outcome: 'intact' | 'tampered'
      /** How many checkpoints from outside of the store it was held against. */
      readonly anchors: number
      readonly reason?: string
    }
  /** Records from `first` on, up to this one, leave the store for a file or a sink. */
  /** `html`: the record of one change, as a page. */
  | {
      readonly type: 'AuditExported'
      readonly format: ExportFormat | 'html'
      readonly to: string
      readonly first: number
    }
  | StoreEventBody
  | WorkerEventBody
  | NoticeEventBody

const AUDIT_EVENTS: Readonly<Record<AuditEventBody['type'], true>> = {
  AccessDenied: true,
  BundlePublished: true,
  EventReceived: true,
  EventRefused: true,
  PolicyLoaded: true,
  PolicyRetired: true,
  BreakGlassUsed: true,
  FreezeSet: true,
  FreezeEnded: true,
  ScheduleChanged: true,
  ScheduleFired: true,
  ScheduleSkipped: true,
  ScheduleMissed: true,
  ScheduleFinished: true,
  ApprovalRefused: true,
  LoggedIn: true,
  LoginFailed: true,
  LoggedOut: true,
  SecretResolved: true,
  InsecureAllowed: true,
  HostTrusted: true,
  ClockSetBack: true,
  ClockAccepted: true,
  KeyRotated: true,
  AuditVerified: true,
  AuditExported: true,
  StoreBackedUp: true,
  StoreRestored: true,
  RecordsMissed: true,
  StoreSealed: true,
  SegmentRetired: true,
  StoreMoved: true,
  StoreMovedTo: true,
  WorkerDied: true,
  DrainRequested: true,
  NoticeOpened: true,
  NoticeClosed: true,
  NotificationGivenUp: true,
  DriftCompared: true,
}

/** Whether an event is on record for auditors alone. */
export function isAuditEvent<E extends { readonly type: string }>(event: E): event is Extract<E, AuditEventBody> {
  return Object.hasOwn(AUDIT_EVENTS, event.type)
}
