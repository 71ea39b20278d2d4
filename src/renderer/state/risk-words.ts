import type { ProjectState } from '../../contract/view-types';

interface RiskWords {
  readonly tone: 'caution';
  readonly title: string;
  readonly detail: string;
}

/** What is told about a project that lies where it is in danger. */
export function describeRisk({ kind, name }: NonNullable<ProjectState['risk']>): RiskWords {
  const detail =
    'Every edit is kept safest on a local disk: save a copy there (File › Save a copy) and work in it.';
  return kind === 'network'
    ? {
        tone: 'caution',
        title: `This project lies on a network drive (${name}): a lost connection can damage it.`,
        detail,
      }
    : {
        tone: 'caution',
        title: `This project lies in a synchronised folder (${name}): its program may copy it half written.`,
        detail,
      };
}
