;; Weighted sums of bytes: the inner loop of resize.ts, which lays out the memory.
;; Its binary stands in weigh.ts as text. After a change here `npm test -- photos` fails, and shows the text to put there.
(module
  (memory (export "memory") 1)

  ;; Makes `count` times four sums of bytes that lie side by side, and keeps each as a byte. The first taps of the i-th
  ;; lie offsets[i] bytes behind the source, the next ones `stride` bytes further each. The weights are integers, 2^22
  ;; is 1; weights and result move on by their steps. Places, steps and the weights' length are in bytes.
  (func (export "weigh")
    (param $source i32) (param $offsets i32) (param $stride i32)
    (param $weights i32) (param $weightsLength i32) (param $weightsStep i32)
    (param $result i32) (param $resultStep i32) (param $count i32)
    (local $tap i32) (local $weight i32) (local $end i32) (local $sums v128)
    (loop $places
      (local.set $tap (i32.add (local.get $source) (i32.load (local.get $offsets))))
      (local.set $weight (local.get $weights))
      (local.set $end (i32.add (local.get $weights) (local.get $weightsLength)))
      (local.set $sums (v128.const i32x4 0x200000 0x200000 0x200000 0x200000)) ;; a half: cutting off then rounds
      (loop $taps
        (local.set $sums (i32x4.add (local.get $sums)
          (i32x4.mul
            (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $tap))))
            (v128.load32_splat (local.get $weight)))))
        (local.set $tap (i32.add (local.get $tap) (local.get $stride)))
        (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
        (br_if $taps (i32.lt_u (local.get $weight) (local.get $end))))
      (local.set $sums (i32x4.shr_u (local.get $sums) (i32.const 22)))
      (local.set $sums (i16x8.narrow_i32x4_u (local.get $sums) (local.get $sums)))
      (v128.store32_lane 0 (local.get $result) (i8x16.narrow_i16x8_u (local.get $sums) (local.get $sums))) ;; at most 255
      (local.set $offsets (i32.add (local.get $offsets) (i32.const 4)))
      (local.set $weights (i32.add (local.get $weights) (local.get $weightsStep)))
      (local.set $result (i32.add (local.get $result) (local.get $resultStep)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $places (local.get $count)))))
