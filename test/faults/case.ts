import type { Condition } from '../../src/api/condition.ts';
import type { ClientConditionType, PipelineConditionType } from '../../src/api/conditionTypes.ts';
import type { PipelineServiceClientSpec } from '../../src/api/pipelineServiceClient.ts';
import type { Reason } from '../../src/api/reasons.ts';
import type { FaultWorld } from './faultWorld.ts';

/** What a condition has to say; the message, in words to look for. */
export interface Finding<Type extends string = string> {
  readonly type: Type;
  readonly status: Condition['status'];
  readonly reason: Reason;
  readonly message: RegExp;
}

/** A client as it differs from one that is well. */
export interface ClientSetting {
  readonly spec?: Partial<PipelineServiceClientSpec>;
  /** Content of a Secret of the name of the client. */
  readonly secret?: Readonly<Record<string, string>>;
  /** More objects that it needs. */
  readonly objects?: readonly object[];
  /** Takes the fault away; the client has to become Ready then. */
  readonly mend?: () => Promise<void>;
}

/** A situation of a client, and what its status has to say. */
export interface ClientCase {
  /** Of the client. */
  readonly name: string;
  readonly situation: string;
  readonly arrange: (world: FaultWorld) => Promise<ClientSetting> | ClientSetting;
  readonly finding: Finding<ClientConditionType>;
}

/** A situation of a pipeline, and what its status has to say. */
export interface PipelineCase {
  /** Of the pipeline, and of its client where it has one of its own. */
  readonly name: string;
  readonly situation: string;
  readonly arrange: (world: FaultWorld) => Promise<PipelineSetting> | PipelineSetting;
  readonly finding: Finding<PipelineConditionType>;
}

export interface PipelineSetting {
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Its own client; the healthy one when left out. */
  readonly client?: ClientSetting;
  readonly objects?: readonly object[];
  /** Takes the fault away; the pipeline has to become Ready then. */
  readonly mend?: () => Promise<void>;
}

/** Nothing is wrong. */
export const READY = {
  type: 'Ready',
  status: 'True',
  reason: 'ReconcileSucceeded',
  message: /./,
} as const satisfies Finding;
