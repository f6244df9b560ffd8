//! Reads the time zone database: the files of RFC 9636, and the rule of POSIX that each ends with.

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// Returns the seconds east of UTC that a zone's file gives for an instant; nothing when it is no
/// such file.
pub fn offset(file: &[u8], unix: i64) -> Option<i64> {
    let mut rest = Bytes(file);
    let mut header = Header::read(&mut rest)?;
    if header.version == 0 {
        return header.offset(&mut rest, 4, unix);
    }
    // The first block is for readers that know 32 bits only.
    rest.take(header.size(4)?)?;
    header = Header::read(&mut rest)?;
    let mut block = Bytes(rest.take(header.size(8)?)?);
    let rule = rest.0.strip_prefix(b"\n")?.strip_suffix(b"\n")?;
    if !rule.is_empty() && header.last(&block).map_or(true, |last| unix >= last) {
        return Rule(std::str::from_utf8(rule).ok()?).offset(unix);
    }
    header.offset(&mut block, 8, unix)
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let taken = self.0.get(..size)?;
        self.0 = &self.0[size..];
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }
}

/// How many there are of each kind of thing in the block that follows.
struct Header {
    version: u8,
    utc_marks: usize,
    standard_marks: usize,
    leap_seconds: usize,
    times: usize,
    types: usize,
    characters: usize,
}

impl Header {
    fn read(rest: &mut Bytes) -> Option<Header> {
        if rest.take(4)? != b"TZif" {
            return None;
        }
        let version = rest.take(1)?[0];
        rest.take(15)?;
        let mut count = || usize::try_from(rest.number()?).ok();
        Some(Header {
            version,
            utc_marks: count()?,
            standard_marks: count()?,
            leap_seconds: count()?,
            times: count()?,
            types: count()?,
            characters: count()?,
        })
    }

    /// Returns the size of the block whose times have so many bytes.
    fn size(&self, width: usize) -> Option<usize> {
        [
            (self.times, width + 1),
            (self.types, 6),
            (self.characters, 1),
            (self.leap_seconds, width + 4),
            (self.standard_marks, 1),
            (self.utc_marks, 1),
        ]
        .iter()
        .try_fold(0usize, |sum, (count, size)| {
            sum.checked_add(count.checked_mul(*size)?)
        })
    }

    /// Returns the last time in a block of 64 bits.
    fn last(&self, block: &Bytes) -> Option<i64> {
        let end = self.times.checked_mul(8)?;
        time(block.0.get(end.checked_sub(8)?..end)?)
    }

    fn offset(&self, block: &mut Bytes, width: usize, unix: i64) -> Option<i64> {
        let times = block.take(self.times.checked_mul(width)?)?;
        let kinds = block.take(self.times)?;
        let types = block.take(self.types.checked_mul(6)?)?;
        let begun = times
            .chunks_exact(width)
            .take_while(|bytes| time(bytes).is_some_and(|time| time <= unix))
            .count();
        // Before the first time, the first type holds.
        let kind = begun
            .checked_sub(1)
            .map_or(Some(0), |last| kinds.get(last).copied().map(usize::from))?;
        let seconds = types.chunks_exact(6).nth(kind)?;
        Some(i64::from(i32::from_be_bytes(seconds[..4].try_into().ok()?)))
    }
}

/// Reads a time of 4 or 8 bytes.
fn time(bytes: &[u8]) -> Option<i64> {
    match bytes.len() {
        4 => Some(i64::from(i32::from_be_bytes(bytes.try_into().ok()?))),
        _ => Some(i64::from_be_bytes(bytes.try_into().ok()?)),
    }
}

/// A rule such as `CET-1CEST,M3.5.0,M10.5.0/3`; what has been read of it is gone.
struct Rule<'a>(&'a str);

impl Rule<'_> {
    fn offset(mut self, unix: i64) -> Option<i64> {
        self.name()?;
        // POSIX counts to the west.
        let standard = -self.time()?;
        if self.0.is_empty() {
            return Some(standard);
        }
        self.name()?;
        let summer = if self.0.starts_with(',') {
            standard + HOUR
        } else {
            -self.time()?
        };
        let (year, _, _) = date((unix + standard).div_euclid(DAY));
        let begin = self.change(year)? - standard;
        let end = self.change(year)? - summer;
        if !self.0.is_empty() {
            return None;
        }
        let is_summer = if begin < end {
            begin <= unix && unix < end
        } else {
            begin <= unix || unix < end
        };
        Some(if is_summer { summer } else { standard })
    }

    /// Reads letters, or anything between angle brackets.
    fn name(&mut self) -> Option<()> {
        let end = if self.eat('<') {
            self.0.find('>')? + 1
        } else {
            let letters = |c: char| !c.is_ascii_alphabetic();
            self.0.find(letters).filter(|end| *end > 0)?
        };
        self.0 = &self.0[end..];
        Some(())
    }

    /// Reads a sign, hours, minutes and seconds; all but the hours may be left out.
    fn time(&mut self) -> Option<i64> {
        let sign = if self.eat('-') {
            -1
        } else {
            self.eat('+');
            1
        };
        let mut seconds = self.number(167)? * HOUR;
        for unit in [60, 1] {
            if self.eat(':') {
                seconds += self.number(59)? * unit;
            }
        }
        Some(sign * seconds)
    }

    /// Reads `,day/time` and returns the local time that it means in a year.
    fn change(&mut self, year: i64) -> Option<i64> {
        if !self.eat(',') {
            return None;
        }
        let new_year = days(year, 1, 1);
        let day = if self.eat('M') {
            self.week_day(year)?
        } else if self.eat('J') {
            // February 29 is not counted.
            let day = self.number(365).filter(|day| *day > 0)?;
            let leap = days(year, 3, 1) - new_year == 60;
            new_year + day - 1 + i64::from(leap && day >= 60)
        } else {
            new_year + self.number(365)?
        };
        let time = if self.eat('/') {
            self.time()?
        } else {
            2 * HOUR
        };
        Some(day * DAY + time)
    }

    /// Reads `month.week.day`; the fifth week is the last.
    fn week_day(&mut self, year: i64) -> Option<i64> {
        let month = self.number(12).filter(|month| *month > 0)?;
        let week = self.dotted(5).filter(|week| *week > 0)?;
        let day = self.dotted(6)?;
        let first = days(year, month, 1);
        let next = days(year + month / 12, month % 12 + 1, 1);
        // 1970-01-01 was a Thursday.
        let found = first + (day - (first + 4)).rem_euclid(7) + (week - 1) * 7;
        Some(if found < next { found } else { found - 7 })
    }

    fn dotted(&mut self, most: i64) -> Option<i64> {
        if self.eat('.') {
            self.number(most)
        } else {
            None
        }
    }

    fn number(&mut self, most: i64) -> Option<i64> {
        let end = self
            .0
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits.parse().ok().filter(|number| *number <= most)
    }

    fn eat(&mut self, c: char) -> bool {
        let rest = self.0.strip_prefix(c);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }
}

/// Returns the days from 1970-01-01 to a date, in the Gregorian calendar.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the odd day is the last of a year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// Returns the year, month and day so many days after 1970-01-01.
pub fn date(days_since: i64) -> (i64, i64, i64) {
    // 400 years have 146097 days; going by their average is at most a year off.
    let guess = 1970 + (days_since * 400).div_euclid(146_097);
    let year = (guess - 1..=guess + 1)
        .rev()
        .find(|year| days(*year, 1, 1) <= days_since)
        .unwrap_or(guess);
    let month = (1..=12)
        .rev()
        .find(|month| days(year, *month, 1) <= days_since)
        .unwrap_or(1);
    (year, month, days_since - days(year, month, 1) + 1)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    fn at(year: i64, month: i64, day: i64, hour: i64) -> i64 {
        days(year, month, day) * DAY + hour * HOUR
    }

    fn rule(text: &str, unix: i64) -> Option<i64> {
        Rule(text).offset(unix)
    }

    /// A file of two blocks with times, their types, and each type's offset.
    pub fn file(times: &[(i64, u8)], offsets: &[i32], rule: &str) -> Vec<u8> {
        let mut file = block(times, offsets, 4);
        file.extend(block(times, offsets, 8));
        file.extend(format!("\n{rule}\n").bytes());
        file
    }

    fn block(times: &[(i64, u8)], offsets: &[i32], width: usize) -> Vec<u8> {
        let mut block = b"TZif2".to_vec();
        block.extend([0; 15 + 4 * 3]);
        for count in [times.len(), offsets.len(), 4] {
            block.extend((count as u32).to_be_bytes());
        }
        for (time, _) in times {
            block.extend(&time.to_be_bytes()[8 - width..]);
        }
        block.extend(times.iter().map(|(_, kind)| kind));
        for offset in offsets {
            block.extend(offset.to_be_bytes());
            block.extend([0, 0]);
        }
        block.extend(b"XYZ\0");
        block
    }

    #[test]
    fn counts_days() {
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2000, 3, 1) - days(2000, 2, 28), 2);
        assert_eq!(days(2100, 3, 1) - days(2100, 2, 28), 1);
        assert_eq!(days(2026, 11, 25), 20_782);
    }

    #[test]
    fn finds_the_date_of_every_day() {
        let mut day = days(1899, 12, 31);
        for (year, month, last) in [(1899, 12, 31), (1900, 1, 31), (1900, 2, 28), (1900, 3, 31)] {
            let first = if month == 12 { last } else { 1 };
            for date_of_month in first..=last {
                assert_eq!(date(day), (year, month, date_of_month));
                day += 1;
            }
        }
        for day in -200_000..200_000 {
            let (year, month, date_of_month) = date(day);
            assert_eq!(days(year, month, date_of_month), day);
            assert!((1..=12).contains(&month) && (1..=31).contains(&date_of_month));
        }
    }

    #[test]
    fn a_rule_may_be_a_constant() {
        assert_eq!(rule("<+0545>-5:45", 0), Some(20_700));
        assert_eq!(rule("UTC0", 0), Some(0));
        assert_eq!(rule("EST5", 0), Some(-18_000));
    }

    #[test]
    fn a_rule_knows_summer() {
        let berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
        for (unix, expected) in [
            (at(2026, 1, 2, 3), 3_600),
            (at(2026, 3, 29, 1) - 1, 3_600),
            (at(2026, 3, 29, 1), 7_200),
            (at(2026, 10, 25, 1) - 1, 7_200),
            (at(2026, 10, 25, 1), 3_600),
            (at(2026, 12, 31, 23), 3_600),
        ] {
            assert_eq!(rule(berlin, unix), Some(expected), "{unix}");
        }
    }

    #[test]
    fn summer_may_span_the_new_year() {
        let chatham = "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45";
        for (unix, expected) in [
            (at(2026, 1, 2, 3), 49_500),
            (at(2026, 4, 4, 14) - 1, 49_500),
            (at(2026, 4, 4, 14), 45_900),
            (at(2026, 9, 26, 14) - 1, 45_900),
            (at(2026, 9, 26, 14), 49_500),
        ] {
            assert_eq!(rule(chatham, unix), Some(expected), "{unix}");
        }
    }

    #[test]
    fn summer_may_be_named_winter() {
        let dublin = "IST-1GMT0,M10.5.0,M3.5.0/1";
        assert_eq!(rule(dublin, at(2026, 1, 2, 3)), Some(0));
        assert_eq!(rule(dublin, at(2026, 7, 2, 3)), Some(3_600));
    }

    #[test]
    fn days_can_be_counted() {
        // The 60th day that is counted is March 1, also where February 29 comes before it.
        let march = "AAA0BBB,J60/0,J365/0";
        for year in [2023, 2024] {
            assert_eq!(rule(march, at(year, 3, 1, 0) - 1), Some(0), "{year}");
            assert_eq!(rule(march, at(year, 3, 1, 0)), Some(3_600), "{year}");
        }
        assert_eq!(rule("AAA0BBB,59/0,J365/0", at(2024, 2, 29, 0)), Some(3_600));
        assert_eq!(
            rule("AAA0BBB,59/-1,J365/0", at(2024, 2, 28, 23)),
            Some(3_600)
        );
    }

    #[test]
    fn what_is_no_rule_is_none() {
        for text in [
            "",
            "0",
            "CET",
            "CET-",
            "<+0545",
            "CET-1CEST",
            "CET-1CEST,M3.5.0",
            "CET-1CEST,M3.5.0,M10.5.0/3 ",
            "CET-1CEST,M13.5.0,M10.5.0",
            "CET-1CEST,M3.6.0,M10.5.0",
            "CET-1CEST,M3.5.7,M10.5.0",
            "CET-1CEST,M3.5,M10.5.0",
            "CET-1CEST,J0,J366",
            "CET-168",
            "CET-99999999999999999999",
            "CET-1:60",
        ] {
            assert_eq!(rule(text, 0), None, "{text}");
        }
    }

    #[test]
    fn times_before_the_rule_come_from_the_table() {
        let zone = file(&[(-100, 1), (100, 0)], &[0, 7_200], "AAA-1");
        for (unix, expected) in [(-101, 0), (-100, 7_200), (99, 7_200), (100, 3_600)] {
            assert_eq!(offset(&zone, unix), Some(expected), "{unix}");
        }
        assert_eq!(offset(&file(&[(-100, 1)], &[0, 7_200], ""), 5), Some(7_200));
        assert_eq!(offset(&file(&[], &[0, 7_200], "AAA-1"), 5), Some(3_600));
        assert_eq!(offset(&file(&[], &[7_200], ""), 5), Some(7_200));
    }

    #[test]
    fn the_first_version_has_32_bits() {
        let mut zone = block(&[(-100, 1)], &[0, 7_200], 4);
        zone[4] = 0;
        assert_eq!(offset(&zone, -101), Some(0));
        assert_eq!(offset(&zone, 0), Some(7_200));
    }

    #[test]
    fn half_a_file_is_none() {
        let zone = file(&[(-100, 1), (100, 0)], &[0, 7_200], "AAA-1");
        for size in 0..zone.len() {
            assert_eq!(offset(&zone[..size], 0), None, "{size}");
        }
    }

    #[test]
    fn counts_that_are_too_large_are_harmless() {
        let zone = file(&[(-100, 1), (100, 0)], &[0, 7_200], "AAA-1");
        for place in 0..zone.len() {
            let mut broken = zone.clone();
            broken[place] = 0xff;
            offset(&broken, 0);
        }
        // A type that is not there.
        assert_eq!(offset(&file(&[(-100, 9), (100, 0)], &[0], ""), 0), None);
    }
}
