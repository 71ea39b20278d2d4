/** An image of the project with boxes over it, as large as its place allows. */
import type { ReactNode } from 'react';
import type { ImageKey, OverlayBox } from '../../../contract/view-types';
import { fullImageUrl } from '../../ui/pixels';
import { OneBox } from '../gallery/tile-overlay';

export interface PictureBox extends OverlayBox {
  readonly isQuiet: boolean;
}

interface ModelPictureProps {
  readonly image: ImageKey;
  /** Of the stored image: what boxes are in pixels of. */
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PictureBox[];
  /** What is seen, in words. */
  readonly label: string;
}

export function ModelPicture({ image, width, height, boxes, label }: ModelPictureProps): ReactNode {
  return (
    <div
      className="model-picture"
      role="img"
      aria-label={label}
      style={{ aspectRatio: `${width} / ${height}` }}
    >
      <img src={fullImageUrl(image)} alt="" decoding="async" draggable={false} />
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {boxes.map((box, index) => (
          <OneBox key={index} {...box} />
        ))}
      </svg>
    </div>
  );
}
