-- The flows themselves and the questions to the DNS, where their source cannot be read again in place.
CREATE TABLE made.flow AS SELECT {columns} FROM flows;
CREATE TABLE made.lookup AS FROM dns;
