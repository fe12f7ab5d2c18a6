import { type FrameBox, type ModelRef, type ScreenText } from '#contracts';
import { type PixelFrame, type Point } from '#engines/pixels';

/** A turned rectangle in pixels of its frame. */
export interface Quad {
  /** Its middle. */
  centre: Point;
  /** Along the line of text, pixels. */
  length: number;
  /** Across the line, pixels. */
  height: number;
  /** Direction of reading: clockwise from "to the right" in radians. */
  angle: number;
}

/** One line as the detector found it. */
export interface FoundLine {
  quad: Quad;
  /** Mean of the text map inside it, 0..1. */
  score: number;
}

/** One line read in one picture. */
export interface ScreenLine {
  text: string;
  /** Mean confidence of the characters, 0..1. */
  confidence: number;
  /** Around the turned line, as fractions of the picture. */
  box: FrameBox;
  /** Clockwise, degrees, -180..180; 0 is upright. */
  angleDeg: number;
  /** Height of the line in pixels of the picture. */
  heightPx: number;
}

/** Looks at the frames of one clip, in order of time. */
export interface ClipReader {
  /**
   * Looks at the next frame. Frames in which nothing changed cost little.
   * @throws PixelError `frame_invalid`; InferenceError, OcrError when a reader fails: report the clip as unable
   */
  look(frame: PixelFrame): Promise<void>;
  /**
   * Lines that were found but not read because a frame or the clip has more of them than the limits allow. More than 0:
   * report the reader as unable besides what it read.
   */
  readonly leftUnread: number;
  /** Everything that was read, the same line once. @throws OcrError `ocr_no_frames` when no frame was looked at */
  finish(): Promise<ScreenText[]>;
}

/** Reads text on screens, ready to run. One per process is enough; clips may be read at the same time. */
export interface TextReader {
  /** Every network that reads, for decision records. */
  readonly models: ModelRef[];
  /** A fresh look at one clip; nothing of another clip is in it. */
  begin(): ClipReader;
  /** Reads one picture, lines in reading order. @throws as {@link ClipReader.look} */
  read(frame: PixelFrame): Promise<ScreenLine[]>;
  /** Ends the threads. What is running fails with OcrError `ocr_closed`. */
  close(): Promise<void>;
}
