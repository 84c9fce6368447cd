// How the ten digits are written: the knots that a pen passes, several hands for each digit.
// SPDX-License-Identifier: MIT
#pragma once

namespace tg::data {

// smooth: the curve passes and keeps its direction; corner: it may turn; lift: the pen is put down
// anew here.
enum class Turn : unsigned char { smooth, corner, lift };

// In hundredths of the digit's box; x to the right, y down.
struct Knot {
  signed char x, y;
  Turn turn;

  constexpr Knot(int right = 0, int down = 0, Turn how = Turn::smooth)
      : x((signed char)(right)), y((signed char)(down)), turn(how) {}
};

// One way to write one digit.
struct Skeleton {
  static constexpr int most_knots = 12;
  int digit;
  int count;
  Knot knots[most_knots];
};

namespace strokes {
inline constexpr Turn corner = Turn::corner;
inline constexpr Turn lift = Turn::lift;

// Each digit has four rows, so that a row is drawn by a random number of two bits.
inline constexpr int hands = 4;
// clang-format off
inline constexpr Skeleton table[10 * hands] = {
    // An oval, a narrow one, one whose ends cross, one that stays open.
    {0, 9, {{60,4}, {30,8}, {12,40}, {18,80}, {45,98}, {78,84}, {88,48}, {78,14}, {56,3}}},
    {0, 9, {{52,2}, {28,20}, {22,55}, {36,92}, {58,96}, {76,70}, {76,30}, {58,6}, {46,6}}},
    {0, 10, {{70,16}, {50,2}, {20,20}, {12,60}, {32,95}, {66,94}, {88,60}, {80,20},
        {52,4}, {36,14}}},
    {0, 8, {{46,6}, {18,30}, {14,68}, {40,97}, {76,86}, {88,50}, {76,16}, {60,8}}},
    // A line twice, with a flag, with a flag and a foot.
    {1, 3, {{52,2}, {50,50}, {48,98}}},
    {1, 3, {{56,2}, {48,48}, {46,98}}},
    {1, 3, {{30,26}, {54,3, corner}, {52,98}}},
    {1, 5, {{32,24}, {52,3, corner}, {52,96}, {28,97, lift}, {76,96}}},
    // A corner at the foot, a loop at the foot, a swan, a flat back.
    {2, 8, {{14,26}, {28,6}, {60,3}, {80,24}, {66,52}, {36,78}, {12,96, corner}, {90,94}}},
    {2, 10, {{16,24}, {40,3}, {74,12}, {72,42}, {42,76}, {16,94}, {12,80}, {34,76},
        {60,92}, {92,90}}},
    {2, 7, {{18,14}, {50,2}, {80,18}, {70,46}, {14,95, corner}, {50,92}, {88,97}}},
    {2, 6, {{14,12}, {62,3}, {84,26}, {58,58}, {10,94, corner}, {86,95}}},
    // A corner at the waist, a flat top, a round waist, a small upper bowl.
    {3, 9, {{18,12}, {46,2}, {74,14}, {68,38}, {40,47, corner}, {76,58}, {82,82}, {50,98},
        {14,88}}},
    {3, 7, {{16,6}, {80,5, corner}, {44,42, corner}, {78,54}, {82,82}, {48,98}, {14,88}}},
    {3, 9, {{16,18}, {44,2}, {76,18}, {60,42}, {46,47}, {70,54}, {84,76}, {54,98}, {14,84}}},
    {3, 8, {{22,8}, {52,3}, {66,20}, {42,40, corner}, {76,50}, {86,76}, {56,97}, {18,92}}},
    // Open, closed at the top, open and round, open with a leaning stem.
    {4, 5, {{30,4}, {14,56, corner}, {88,52}, {68,8, lift}, {64,98}}},
    {4, 5, {{64,2}, {10,66, corner}, {92,64}, {64,2, lift}, {62,98}}},
    {4, 8, {{22,6}, {16,40}, {30,56}, {60,52}, {76,40}, {78,6, lift}, {72,50}, {66,98}}},
    {4, 5, {{38,4}, {16,60, corner}, {86,60}, {58,34, lift}, {50,98}}},
    // A hat put on last, a single stroke, an S, a hat put on last and a small bowl.
    {5, 9, {{30,6}, {24,44, corner}, {54,38}, {80,58}, {72,86}, {40,98}, {14,88},
        {30,6, lift}, {82,4}}},
    {5, 8, {{84,5}, {32,8, corner}, {26,44, corner}, {60,38}, {84,62}, {66,94}, {34,97}, {14,84}}},
    {5, 8, {{82,10}, {48,3}, {26,22}, {40,42}, {70,56}, {76,82}, {46,98}, {16,88}}},
    {5, 8, {{34,8}, {30,52, corner}, {60,54}, {72,76}, {52,97}, {18,94}, {34,8, lift}, {86,8}}},
    // A curved back, a straight back, a curl at the top, a small bowl.
    {6, 9, {{72,6}, {40,24}, {18,60}, {26,92}, {58,97}, {80,76}, {62,54}, {34,60}, {20,78}}},
    {6, 8, {{56,2}, {30,40}, {18,72}, {36,97}, {70,92}, {78,66}, {52,54}, {24,72}}},
    {6, 9, {{78,14}, {58,3}, {30,20}, {16,58}, {30,94}, {66,94}, {76,70}, {54,56}, {26,66}}},
    {6, 8, {{52,3}, {28,44}, {22,84}, {46,98}, {70,86}, {66,66}, {44,62}, {26,76}}},
    // Plain, crossed, with a serif, with a wave.
    {7, 4, {{14,8}, {86,6, corner}, {56,50}, {38,98}}},
    {7, 6, {{14,10}, {84,6, corner}, {60,46}, {42,98}, {34,52, lift}, {80,48}}},
    {7, 4, {{14,26}, {18,8, corner}, {86,8, corner}, {40,98}}},
    {7, 6, {{12,14}, {40,4}, {60,10}, {86,5, corner}, {62,40}, {50,98}}},
    // One stroke from the right, two rings, one stroke from the top, one stroke with a narrow head.
    {8, 10, {{78,14}, {50,3}, {24,20}, {48,46}, {76,70}, {54,97}, {24,80}, {44,52},
        {74,26}, {70,8}}},
    {8, 10, {{50,46}, {24,26}, {50,3}, {76,24}, {52,46}, {50,46, lift}, {18,72}, {50,98},
        {82,72}, {52,47}}},
    {8, 10, {{60,6}, {26,14}, {34,40}, {72,64}, {70,92}, {34,96}, {22,74}, {56,48},
        {76,20}, {56,4}}},
    {8, 10, {{66,12}, {48,3}, {34,18}, {46,42}, {74,66}, {60,96}, {26,90}, {30,64},
        {58,38}, {66,14}}},
    // A straight stem, a curved tail, a leaning stem, a round head with a hook.
    {9, 7, {{78,20}, {50,3}, {20,26}, {38,52}, {68,42}, {80,16, corner}, {72,98}}},
    {9, 9, {{76,26}, {52,3}, {22,22}, {34,50}, {66,44}, {78,20}, {78,60}, {60,94}, {24,92}}},
    {9, 7, {{72,10}, {34,8}, {22,36}, {48,52}, {74,30}, {76,8, corner}, {58,98}}},
    {9, 9, {{70,18}, {44,4}, {22,26}, {42,48}, {68,34}, {72,14}, {74,50}, {68,86}, {44,98}}}, 
};
// clang-format on

constexpr bool sound() {
  for (int row = 0; row < 10 * hands; ++row)
    if (table[row].digit != row / hands || table[row].count < 2 ||
        table[row].count > Skeleton::most_knots)
      return false;
  return true;
}
static_assert(sound(), "every digit needs its rows, in order");
}  // namespace strokes

// Pre: digit in 0 … 9, hand in 0 … strokes::hands-1.
constexpr const Skeleton& skeleton(int digit, int hand) {
  return strokes::table[digit * strokes::hands + hand];
}

}  // namespace tg::data
