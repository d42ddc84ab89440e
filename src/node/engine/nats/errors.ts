/** What errors of the NATS client mean here. */

import { JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { BrokerLost, lost_text, Unreachable } from '../../../engine/types.ts';
import { UserError } from '../../../model/user_error.ts';

/** https://github.com/nats-io/nats-server, server/errors.json */
const codes = { stream_not_found: 10059, consumer_not_found: 10014, wrong_last_sequence: 10071, no_message: 10037 };

export const is_refused_by_version = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === codes.wrong_last_sequence;

export const is_no_message = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === codes.no_message;

export const is_lost = (error: unknown): boolean =>
  error instanceof JetStreamApiError && [codes.stream_not_found, codes.consumer_not_found].includes(error.code);

const away = [errors.TimeoutError, errors.RequestError, errors.NoRespondersError, errors.ConnectionError];

/** An error that says by its class what can be done: Unreachable, to ask again; BrokerLost and UserError, to end. */
export function translated(error: unknown): unknown {
  const all = causes(error);
  const denied = all.find((e) => e instanceof errors.PermissionViolationError);
  if (denied) {
    const { operation, subject } = denied as InstanceType<typeof errors.PermissionViolationError>;
    return new UserError(
      `NATS does not allow these credentials the ${operation} of ${subject}.\nAllow the user to publish and subscribe to langevin.>, $JS.API.>, $KV.langevin_> and _INBOX.>, or give other credentials.`,
    );
  }
  if (all.some(is_lost)) return new BrokerLost(lost_text);
  if (all.some(is_away)) return new Unreachable((error as Error).message);
  return error;
}

const is_away = (error: Error): boolean =>
  away.some((kind) => error instanceof kind) ||
  (error instanceof JetStreamApiError && error.status === 503) ||
  (error instanceof JetStreamError && error.message === 'heartbeats missed');

/** Nobody listens where the stream's messages go: JetStream is not up yet, or the stream is no more. */
export const is_unheard = (error: unknown): boolean =>
  causes(error).some(
    (e) => e instanceof errors.NoRespondersError || (e instanceof errors.RequestError && e.isNoResponders()),
  );

/** What is said when there is no connection in the first place. */
export function connection_error(error: unknown, url: string): unknown {
  const all = causes(error);
  if (all.some((e) => e instanceof errors.AuthorizationError || e instanceof errors.UserAuthenticationExpiredError)) {
    return new UserError(
      `NATS at ${url} refuses these credentials.\nCheck --nats-creds, --nats-nkey, --nats-user with NATS_PASSWORD, or NATS_TOKEN.`,
    );
  }
  if (all.some((e) => is_without_jetstream(e))) {
    return new UserError(
      `NATS at ${url} runs without JetStream, which keeps jobs and state.\nStart it as nats-server -js -sd FOLDER, and enable it for the account.`,
    );
  }
  const shown = translated(error);
  if (shown instanceof UserError) return shown;
  return new UserError(
    `There is no connection to NATS at ${url}: ${all.map((e) => e.message).at(-1)}.\nIs nats-server running there (nats-server -a 127.0.0.1 -js -sd FOLDER)? Is the address right?`,
  );
}

const is_without_jetstream = (error: Error) =>
  error.name === 'JetStreamNotEnabled' ||
  // The connection is made, but what asks for JetStream is not heard.
  is_unheard(error) ||
  (error instanceof JetStreamApiError && [10039, 10076].includes(error.code));

function causes(error: unknown): Error[] {
  const all: Error[] = [];
  for (let e = error; e instanceof Error && all.length < 8; e = e.cause) all.push(e);
  return all;
}
