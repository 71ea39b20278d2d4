/** The suspect on its image: the label solid, what the model saw dashed, with the other labels about it. */
import type { CSSProperties, ReactNode } from 'react';
import { useState } from 'react';
import type { FixView } from '../../../contract/fix-view';
import type { Box, ImageDetail } from '../../../contract/view-types';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { cropUrl } from '../../ui/pixels';
import { OneBox } from '../gallery/tile-overlay';
import { useAnswer } from '../scores/use-answer';
import { closeUp, wholeImage } from './fix-frame';
import type { ClassName } from '../../state/class-name';
import { KIND_OUTCOMES, questionOf } from './fix-words';

const PICTURE = 1024;
/** No outcome is read from the answer, so any point serves. */
const POINT = { iou: 0.5, score: 0.5 };

interface FixPictureProps {
  readonly fix: FixView;
  readonly isWhole: boolean;
  readonly className: ClassName;
}

export function FixPicture({ fix, isWhole, className }: FixPictureProps): ReactNode {
  const view = isWhole ? wholeImage(fix) : closeUp(fix);
  const others = useOtherLabels(fix);
  const outcome = KIND_OUTCOMES[fix.kind];
  const url = cropUrl(fix.image, view, PICTURE);
  const [failed, setFailed] = useState<string | null>(null);
  const hasProposal = fix.kind !== 'duplicated' && fix.seen !== null;
  return (
    <div className="fix-stage">
      <figure className="fix-picture" aria-label={`${questionOf(fix, className)} In ${fix.imageName}`}>
        {failed === url ? (
          <p className="fix-no-picture">
            The image’s file is not where it was. Find moved images (File menu).
          </p>
        ) : (
          <img src={url} alt="" draggable={false} onError={() => setFailed(url)} />
        )}
        <svg
          className="overlay"
          viewBox={view.join(' ')}
          preserveAspectRatio="xMidYMid meet"
          aria-hidden="true"
        >
          {others.map(({ id, box }) => (
            <OneBox key={id} box={box} isTruth outcome="true-positive" isQuiet />
          ))}
          {fix.kind !== 'missing' && <OneBox box={fix.box} isTruth outcome={outcome} />}
          {hasProposal && <OneBox box={fix.newBox ?? fix.seen.box} isTruth={false} outcome={outcome} />}
        </svg>
        {fix.kind !== 'missing' && (
          <Plate at={fix.box} view={view}>
            {className(fix.category)} · label
          </Plate>
        )}
        {hasProposal && (
          <Plate at={fix.newBox ?? fix.seen.box} view={view} isBelow>
            {className(fix.seen.category)} {fix.seen.score.toFixed(2)} · model
          </Plate>
        )}
      </figure>
    </div>
  );
}

/** Words at a box, above it or below it. */
function Plate({
  at: [x, y, , height],
  view: [left, top, wide, high],
  isBelow = false,
  children,
}: {
  readonly at: Box;
  readonly view: Box;
  readonly isBelow?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const percent = (part: number): string => `${Math.min(96, Math.max(0, part * 100)).toFixed(2)}%`;
  const style: CSSProperties = isBelow
    ? { left: percent((x - left) / wide), top: percent((y + height - top) / high) }
    : { left: percent((x - left) / wide), bottom: percent(1 - (y - top) / high) };
  return (
    <span className="fix-plate" style={style} aria-hidden="true">
      {children}
    </span>
  );
}

/** Labels of the image besides the suspect. */
function useOtherLabels({ image, annotation }: FixView): ImageDetail['annotations'] {
  const revision = useSession((session) => session.revision);
  const { value } = useAnswer(`${image} ${revision}`, () =>
    engine('image.detail', { image, run: null, point: POINT }),
  );
  return value?.image === image ? value.annotations.filter(({ id }) => id !== annotation) : [];
}
