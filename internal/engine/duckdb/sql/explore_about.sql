-- Written last: a file without it is not complete.
CREATE TABLE made.about AS
SELECT {layout} AS layout, {copied} AS copied, coalesce(min(first), 0) AS first, coalesce(max(last), 0) AS last
FROM made.channel
