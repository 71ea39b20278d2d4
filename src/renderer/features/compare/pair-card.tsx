/** One annotation as both runs see it: the same part of the image on both sides. */
import type { ReactNode } from 'react';
import { memo } from 'react';
import type { Box } from '../../../contract/view-types';
import type { ChangedAnnotation, ComparedSide } from '../../../contract/metrics-view';
import { OutcomeGlyph } from '../../ui/outcome-glyph';
import { cropUrl } from '../../ui/pixels';
import { OUTCOME_NAMES, STATUS_WORDS } from '../../ui/words';
import { OneBox } from '../gallery/tile-overlay';
import { CHANGE_NAMES } from './comparison-words';
import { pairView } from './pair-view';

const PICTURE = 320;

interface PairCardProps {
  readonly id: string;
  readonly row: ChangedAnnotation;
  readonly className: string;
  readonly isCursor: boolean;
  /** The left picture shows B too. */
  readonly isBlinking: boolean;
  readonly onPress: () => void;
  readonly onOpen: () => void;
}

const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');

const sideWords = ({ outcome, score, iou }: ComparedSide): string =>
  score === null
    ? OUTCOME_NAMES[outcome]
    : `${OUTCOME_NAMES[outcome]}, score ${score.toFixed(2)}, IoU ${(iou ?? 0).toFixed(2)}`;

export const PairCard = memo(function PairCard({
  id,
  row,
  className,
  isCursor,
  isBlinking,
  onPress,
  onOpen,
}: PairCardProps): ReactNode {
  const view = pairView(row);
  const { change, first, second, imageName, status } = row;
  return (
    <li
      id={id}
      role="option"
      aria-selected={isCursor}
      className="pair"
      data-cursor={isCursor}
      onClick={onPress}
      onDoubleClick={onOpen}
    >
      <span className="visually-hidden">
        {CHANGE_NAMES[change]}, {className}, in {imageName}. A: {sideWords(first)}. B: {sideWords(second)}
      </span>
      <div className="row caption-12" aria-hidden="true">
        <b>{CHANGE_NAMES[change]}</b>
        <span className="clip">{className}</span>
        <span className="grow" />
        {status !== 'to-do' && <span className="quiet">{STATUS_WORDS[status]}</span>}
        <span className="quiet clip">{baseName(imageName)}</span>
      </div>
      <div className="sides" aria-hidden="true">
        <Side letter={isBlinking ? 'B' : 'A'} side={isBlinking ? second : first} row={row} view={view} />
        <Side letter="B" side={second} row={row} view={view} />
      </div>
    </li>
  );
});

interface SideProps {
  readonly letter: 'A' | 'B';
  readonly side: ComparedSide;
  readonly row: ChangedAnnotation;
  readonly view: Box;
}

function Side({ letter, side, row, view }: SideProps): ReactNode {
  const { outcome, box, score, iou } = side;
  return (
    <div>
      <div className="pair-picture">
        <img
          src={cropUrl(row.image, view, PICTURE)}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
        />
        <svg className="overlay" viewBox={view.join(' ')} preserveAspectRatio="xMidYMid meet">
          <OneBox box={row.box} isTruth outcome={outcome} />
          {box && <OneBox box={box} isTruth={false} outcome={outcome} />}
        </svg>
        <span className="pair-letter">{letter}</span>
      </div>
      <div className="side-caption">
        <OutcomeGlyph outcome={outcome} />
        <span className="clip">{OUTCOME_NAMES[outcome]}</span>
        {score !== null && (
          <span className="quiet figures-right">
            {score.toFixed(2)} · IoU {(iou ?? 0).toFixed(2)}
          </span>
        )}
      </div>
    </div>
  );
}
