/** All numbers of the chosen protocol: COCO's twelve. */
import type { ReactNode } from 'react';
import { useSession } from '../../state/session';
import { interval, score } from '../../ui/number-text';
import { BoxesButton } from '../scores/boxes-button';
import type { Wanted } from '../scores/open-boxes';
import { PROTOCOL_DETAILS, PROTOCOL_NAMES } from '../scores/protocol-names';
import { Section } from './section';
import type { ShownColumn } from './use-columns';

const SIZES = ['small', 'medium', 'large'] as const;

/** `APsmall` in words, with the boxes that it is of. */
function describe(key: string): { readonly name: string; readonly wanted: Wanted; readonly what: string } {
  const size = SIZES.find((one) => key.endsWith(one));
  const kind = /^(AP|AR|mAP)/.exec(key)?.[0] ?? key;
  const name = `${kind}${size || kind !== 'AP' ? ' ' : ''}${key.slice(kind.length)}`.trim();
  const isRecall = kind === 'AR';
  return {
    name,
    wanted: {
      ...(size ? { sizes: [size] } : {}),
      ...(isRecall ? { outcomes: ['miss', 'loose-box', 'wrong-class'] as const } : {}),
    },
    what: `${isRecall ? 'what is missed' : 'the failures'}${size ? ` among ${size} boxes` : ''}`,
  };
}

export function NumbersSection({ own }: { readonly own: ShownColumn }): ReactNode {
  const protocol = useSession((session) => session.protocol);
  const { column, intervals, isOld } = own;
  const entries = Object.entries(column?.metrics ?? {});
  const title =
    entries.length === 12 ? `${PROTOCOL_NAMES[protocol]}, twelve numbers` : PROTOCOL_NAMES[protocol];
  return (
    <Section title={title} caption={PROTOCOL_DETAILS[protocol]}>
      <dl className="twelve" data-old={isOld}>
        {entries.map(([key, value]) => {
          const { name, wanted, what } = describe(key);
          return (
            <div key={key}>
              <dt>{name}</dt>
              <dd>
                {value === null ? (
                  <span title="Undefined: no ground truth counts here">–</span>
                ) : (
                  <span className="fresh">
                    <BoxesButton label={what} wanted={wanted}>
                      {score(value)}
                    </BoxesButton>
                  </span>
                )}
                {!isOld && <span className="interval">{interval(intervals?.metrics[key])}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}
