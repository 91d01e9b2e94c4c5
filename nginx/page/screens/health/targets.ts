import type {AlertEvent, AlertKind} from 'schema';

/** What people call it. */
export const kKinds: Readonly<Record<AlertKind, string>> = {webhook: 'Webhook', slack: 'Slack or Mattermost', mail: 'Mail'};

export const kEvents: Readonly<Record<AlertEvent, string>> = {
    'issue.created': 'new issues',
    'issue.regressed': 'regressions',
    'issue.unmuted': 'issues that are no longer muted',
    'issue.spike': 'sudden increases',
    digest: 'a digest each day',
};

const kSecretBytes = 32;

/** A new secret of a webhook, as Standard Webhooks write it. */
export function newSecret(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(kSecretBytes));
    return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
