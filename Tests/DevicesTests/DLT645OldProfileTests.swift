import Devices
import Testing

/// The profile of the edition of 1997, and the codec's own table: two statements of the same facts.
@Suite struct DLT645OldProfileTests {
    @Test func theProfileAgreesWithTheTable() throws {
        let profile = try DeviceProfile.named("generic/dlt645-1997-electricity", in: MBusCodecTests.devices)
        #expect(profile.protocols == [.dlt645Of1997])
        var compared = 0
        for channel in profile.channels {
            for case .identifier(let identifier) in channel.ways {
                #expect(identifier.edition == .of1997, "\(channel.name)")
                guard let item = DLT645Item(try #require(identifier.number), edition: .of1997) else { continue }
                #expect(item.form.bytes == identifier.bytes && item.unit == channel.unit, "\(channel.name)")
                guard case .number(_, let places, let sign) = item.form else { continue }
                #expect(identifier.decimals == places && identifier.isSigned == (sign == .topBit), "\(channel.name)")
                compared += 1
            }
        }
        #expect(compared == 2)
    }
}
